internal import StragglerCore
internal import StragglerData
internal import StragglerLab
extension Law { func delay(_ values: [Double]) throws(LabError) -> Delay { .constant(values[0]) } }
final class RecordedDelay: Sendable { init(_ r: RecordedDurations, replays: Bool) {}
 func delay(of worker: Int) -> Delay { .none } }
