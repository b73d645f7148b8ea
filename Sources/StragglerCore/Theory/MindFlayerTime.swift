extension Theory {
  public static func mindFlayerTime(
    fleet: Fleet, times: Table<Double>, successes: Table<Double>, batch: Double
  ) -> Double { 1 }
}
enum ClippingTimes { static func optimize(fleet: Fleet, batch: Double, into: Table<Double>) -> Double { 0 } }
