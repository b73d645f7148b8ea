// SPDX-License-Identifier: Apache-2.0

import Straggler
import Testing

/// Methods by the names of their parameters.
@Suite struct CheckedMethodsTests {
  @Test func takeTheirParameters() throws {
    let rennala = try Rennala(batch: 20, gamma: 0.5, stops: true)
    #expect(rennala.batch.given == 20 && rennala.gamma.given == 0.5 && rennala.stops)
    #expect(try Rennala(batch: 3).gamma.given == nil)
    #expect(try Ringmaster(threshold: 4, gamma: 0.1).threshold.given == 4)
    #expect(try Malenia(batch: 7).batch.given == 7 && MSynchronous(m: 2).m.given == 2)
    #expect(try Asynchronous(gamma: 0.1).gamma.given == 0.1 && Minibatch(gamma: 0.2).gamma.given == 0.2)
    #expect(try Ringleader(gamma: 0.1, refresh: true).refresh)
    #expect(try MindFlayer(trials: 3, gamma: 0.1).gamma.given == 0.1)
  }

  @Test func refuseWhatIsOutOfRange() {
    #expect(throws: SetupError.self) { try Rennala(batch: 0) }
    #expect(throws: SetupError.self) { try Rennala(batch: 2, gamma: -1) }
    #expect(throws: SetupError.self) { try Ringmaster(threshold: -3) }
    #expect(throws: SetupError.self) { try Malenia(batch: 1, gamma: .nan) }
    #expect(throws: SetupError.self) { try MSynchronous(m: 0) }
    for gamma in [0, -1, Double.nan, .infinity] {
      #expect(throws: SetupError.self) { try Asynchronous(gamma: gamma) }
      #expect(throws: SetupError.self) { try Minibatch(gamma: gamma) }
      #expect(throws: SetupError.self) { try Ringleader(gamma: gamma) }
    }
    #expect(throws: SetupError.self) { try MindFlayer(trials: 0) }
  }
}
