import Base
import Generation
import Lab
import Workflows

extension Commands {
  static let chat = Command(
    "chat", "MODEL", "talks with a model in the chat pane",
    options: [
      .flag("--plain", "line by line, without the workbench"),
      .value("--system", "TEXT", "what the model is told first"),
    ] + samplingOptions, count: 1...1
  ) { invocation in
    var settings = ChatSession.Settings(
      options: try generationOptions(invocation), system: invocation.value("--system") ?? "")
    guard invocation.has("--plain") else {
      settings.drawsAnew = !invocation.has("--seed")
      return try workbench(
        invocation, chattingWith: (model: invocation.arguments[0], settings: settings))
    }
    return try chatPlainly(invocation, settings)
  }

  /// One line is a question, the next its answer.
  private static func chatPlainly(
    _ invocation: Invocation, _ settings: ChatSession.Settings
  ) throws -> ExitStatus {
    let workspace = try invocation.workspaceIfAny()
    let reference = try invocation.model(invocation.arguments[0], in: workspace)
    let model = try reference.load(try invocation.context(workspace))
    var session = ChatSession(reference.name, settings, storedIn: workspace)
    Signals.install([.interrupt])
    var input = StandardInput()
    while true {
      if Output.isInteractive { Output.write("> ", to: 2) }
      guard let line = try input.nextLine() else { break }
      // Ctrl-C at the prompt threw away what was typed; it is not for the next answer. A second one ends.
      if Signals.take(.interrupt), !Output.isInteractive { return .interrupted }
      let question = String(decoding: line, as: UTF8.self)
      guard question.contains(where: { !$0.isWhitespace }) else { continue }
      do {
        try answer(question, &session, model, invocation)
      } catch let error as ContextExceeded where Output.isInteractive {
        Output.note("kaji: \(oneLine(error))")
      }
      // At the terminal Ctrl-C ends the answer alone; elsewhere nobody could begin a new one.
      if Signals.take(.interrupt), !Output.isInteractive { return .interrupted }
    }
    if Output.isInteractive { Output.write("\n", to: 2) }
    if invocation.json { Output.json(report(session, reference.name)) }
    return .done
  }

  private static func answer(
    _ question: String, _ session: inout ChatSession, _ model: any LanguageModel,
    _ invocation: Invocation
  ) throws {
    let stop = CancellationFlag()
    let answer = try session.ask(question, model, cancellation: stop) { text, _ in
      if !invocation.json { Output.untrusted(text) }
      if Signals.isPending(.interrupt) { stop.cancel() }
    }
    if !invocation.json { Output.line() }
    if answer.forgotten > 0 {
      invocation.remark("(the first \(answer.forgotten) messages no longer fit the context)")
    }
    if let problem = answer.problem { invocation.remark("kaji: \(problem)") }
  }

  private static func report(_ session: ChatSession, _ model: String) -> JSON {
    let system = session.settings.system
    let head = system.isEmpty ? [] : [ChatSession.Message(role: "system", content: system)]
    return [
      "model": JSON(model), "conversation": session.stored.map { JSON($0) } ?? .null,
      "messages": .array(
        (head + session.messages).map { ["role": JSON($0.role), "content": JSON($0.content)] }),
    ]
  }
}
