import Base
import Lab
import Workflows

/// What is asked of a run: pause, continue, save, stop, a learning rate.
extension Commands {
  static let runsPause = request("pause", "lets a run wait after its current step", .pause)
  static let runsContinue = request("continue", "lets a paused run go on", .continue)
  static let runsSave = request("save", "asks a run for a checkpoint", .save)
  static let runsStop = request("stop", "lets a run save and end; it can be resumed", .stop)

  static let runsRate = Command(
    "runs lr", "N VALUE", "sets a run's learning rate by hand", options: waiting, count: 2...2
  ) { invocation in
    let text = invocation.arguments[1]
    guard let rate = Double(text), (0...10).contains(rate) else {
      throw UsageError(
        "'\(Sanitiser.visible(text))' is no learning rate", remedy: "Give a number from 0 to 10.")
    }
    return try ask(.learningRate(rate), invocation)
  }

  private static let waiting: [Option] = [
    .value("--wait", "SECONDS", "how long to wait for the run's answer (10)")
  ]

  private static func request(_ word: String, _ summary: String, _ request: Request) -> Command {
    Command("runs \(word)", "N", summary, options: waiting, count: 1...1) { invocation in
      try ask(request, invocation)
    }
  }

  private static func ask(_ request: Request, _ invocation: Invocation) throws -> ExitStatus {
    let number = try invocation.experiment()
    let answer = try RunRequest.send(
      request, to: number, in: try invocation.workspace(),
      patience: try invocation.double("--wait", in: 0...1e9) ?? 10)
    let word = request.eventKind.rawValue
    if invocation.json {
      Output.json([
        "experiment": JSON(number), "request": JSON(word), "answered": JSON(answer != nil),
        "step": answer.map { JSON($0.step) } ?? .null,
      ])
    } else if let answer {
      Output.line("experiment \(number), step \(answer.step): \(Sanitiser.visible(answer.text))")
    } else {
      Output.line("asked experiment \(number) to \(word); it has not answered yet")
    }
    return .done
  }
}
