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
    guard invocation.has("--plain") else {
      return try workbench(invocation, chattingWith: invocation.arguments[0])
    }
    let workspace = try invocation.workspaceIfAny()
    let reference = try invocation.model(invocation.arguments[0], in: workspace)
    var session = ChatSession(
      try reference.load(try invocation.context(workspace)), name: reference.name,
      system: invocation.value("--system"), options: try generationOptions(invocation),
      storedIn: workspace.flatMap { $0.isWritable ? $0 : nil })
    Signals.install([.interrupt])
    var input = StandardInput()
    while true {
      if Output.isInteractive { Output.write("> ", to: 2) }
      guard let line = try input.nextLine() else { break }
      let question = String(decoding: line, as: UTF8.self)
      guard question.contains(where: { !$0.isWhitespace }) else { continue }
      let answer: ChatSession.Answer
      do {
        answer = try session.ask(
          question, isCancelled: { Signals.isPending(.interrupt) },
          onText: { if !invocation.json { Output.untrusted($0) } })
      } catch let error as ContextExceeded where Output.isInteractive {
        Output.note("kaji: \(oneLine(error))")
        continue
      }
      if !invocation.json { Output.line() }
      if answer.forgotten > 0 {
        invocation.remark("(the first \(answer.forgotten) messages no longer fit the context)")
      }
      // At the terminal Ctrl-C ends the answer alone; elsewhere nobody could begin a new one.
      if Signals.take(.interrupt), !Output.isInteractive { return .interrupted }
    }
    if Output.isInteractive { Output.write("\n", to: 2) }
    if invocation.json {
      Output.json([
        "model": JSON(reference.name), "conversation": session.stored.map { JSON($0) } ?? .null,
        "messages": .array(
          session.messages.map { ["role": JSON($0.role), "content": JSON($0.content)] }),
      ])
    }
    return .done
  }
}
