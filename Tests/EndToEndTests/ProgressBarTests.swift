import Base
import Testing

@testable import kaji

@Suite("Progress bar") struct ProgressBarTests {
  private static let training = ProgressState(
    stage: "pre-training", done: 250, total: 1000, note: "loss 4.217 12.3k tokens/s")
  /// A run whose words and figures are as long as they get.
  private static let long = ProgressState(
    stage: "pre-training on the corpus", done: 123_456, total: 1_000_000, unit: "steps",
    note: "loss 10.217 12.3k tokens/s")

  private static func text(_ state: ProgressState, _ columns: Int) -> String {
    ProgressBar.text(state, seconds: 100, since: 0, columns: columns)
  }

  @Test func `at 80 columns the bar makes room for the figures`() {
    #expect(
      Self.text(Self.training, 80)
        == "pre-training [####............] 250/1000 loss 4.217 12.3k tokens/s ETA "
        + Format.duration(300))
    #expect(
      Self.text(Self.training, 120)
        == "pre-training           [####............] 250/1000 loss 4.217 12.3k tokens/s ETA "
        + Format.duration(300))
  }

  @Test(arguments: [80, 70, 66])
  func `stage, loss, speed and time stay`(columns: Int) {
    for state in [Self.training, Self.long] {
      let text = Self.text(state, columns)
      #expect(text.count < columns)
      #expect(text.hasPrefix(state.stage) && text.contains(" \(state.note) ETA "), "\(text)")
    }
  }

  @Test func `at 60 columns what matters less goes first`() {
    let text = Self.text(Self.training, 60)
    #expect(
      text == "pre-training 250/1000 loss 4.217 12.3k tokens/s ETA " + Format.duration(300))
    for columns in 1...120 {
      #expect(Self.text(Self.long, columns).count <= max(1, columns - 1))
    }
  }

  @Test func `what is done says how long it took`() {
    let done = ProgressState(stage: "scoring", done: 8, total: 8, unit: "lines")
    #expect(
      Self.text(done, 80)
        == "scoring                [################] 8/8 lines " + Format.duration(100))
    // Counts that a file or a caller made up do not trap.
    let odd = ProgressState(stage: "scoring", done: .max, total: .max - 1)
    #expect(Self.text(odd, 80).hasPrefix("scoring"))
  }
}
