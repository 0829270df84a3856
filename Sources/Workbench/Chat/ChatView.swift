import Base
import Lab
import Terminal

/// Draws the Chat pane.
enum ChatView {
  typealias State = ChatPane.State

  static func draw(_ state: State, _ surface: inout Surface) {
    let layout = ChatLayout(state)
    if !layout.models.isEmpty {
      drawModels(state, in: layout.models, &surface)
      drawChats(state, in: layout.chats, &surface)
    }
    if !layout.talk.isEmpty { drawTalk(state, in: layout.talk, &surface) }
    drawSettings(state, in: layout.settings, &surface)
    drawInput(state, in: layout.input, &surface)
    drawSystem(state, &surface)
  }

  // MARK: Lists

  private static func drawModels(_ state: State, in rect: Rect, _ surface: inout Surface) {
    let models = state.models ?? []
    let title = "Models" + state.modelList.place(of: models.count) + ", newest first"
    surface.panel(rect, title, isFocused: state.focus == .models) { inner, surface in
      Table(
        columns: [
          TableColumn("MODEL", .fixed(16)), TableColumn("KIND", .fixed(9)),
          TableColumn("EXPERIMENT", .share(1)),
        ], count: models.count, state: state.modelList, isFocused: state.focus == .models,
        empty: state.models == nil ? "Reading the workspace ..." : emptyText
      ) { index in
        let model = models[index]
        return [
          TableCell(model.reference), TableCell(model.kind?.rawValue ?? "imported"),
          TableCell(model.slug),
        ]
      }.draw(in: inner, on: &surface)
    }
  }

  private static let emptyText = """
    No model yet. The checkpoints of runs appear here as they are saved; n in pane 2 starts a \
    run. A model's folder opens with 'kaji chat FOLDER'.
    """

  private static func drawChats(_ state: State, in rect: Rect, _ surface: inout Surface) {
    let title = "Conversations" + state.chatList.place(of: state.chats.count)
    surface.panel(rect, title, isFocused: state.focus == .chats) { inner, surface in
      List(
        count: state.chats.count, state: state.chatList, isFocused: state.focus == .chats,
        empty: state.isStored
          ? "None yet. What you say is kept here."
          : "Nothing is stored: there is no workspace, or it is read-only for you."
      ) { index in
        let chat = state.chats[index]
        let day = chat.created.prefix(16).map { $0 == "T" ? " " : $0 }
        return TableCell("\(String(day)) \(chat.model) \(chat.title)")
      }.draw(in: inner, on: &surface)
    }
  }

  // MARK: The talk

  private static func drawTalk(_ state: State, in rect: Rect, _ surface: inout Surface) {
    surface.panel(rect, title(state), isFocused: state.focus == .talk) { inner, surface in
      guard state.transcript.count > 0 else {
        let place = Rect(x: 1, y: 0, width: inner.width - 2, height: inner.height)
        Paragraph(firstWords(state), role: "ui.text.dim").draw(in: place, on: &surface)
        return
      }
      let theme = surface.theme
      // Only the visible lines are touched, however long the conversation is.
      TextView(count: state.transcript.count, state: state.scroll) { place in
        let line = state.transcript[place]
        return (line.text, theme[line.role])
      }.draw(in: inner, on: &surface)
    }
  }

  private static func title(_ state: State) -> String {
    guard let model = state.model else { return "Chat" }
    var parts = ["Chat with \(model.reference)"]
    if let answer = state.answer {
      if answer.isStopping {
        parts.append("stopping")
      } else if answer.tokens == 0 {
        parts.append(state.loaded == nil ? "loading the model" : "reading")
      } else {
        parts.append("\(Format.fixed(answer.tokensPerSecond, 1)) tokens/s")
        parts.append(Format.counted(answer.tokens, "token"))
      }
    } else if let loaded = state.loaded {
      parts.append("\(Format.short(Double(loaded.parameters))) parameters")
      parts.append("context \(Format.count(loaded.contextLength))")
    } else {
      parts.append("loading")
    }
    return parts.joined(separator: ", ")
  }

  private static func firstWords(_ state: State) -> String {
    guard state.model != nil else {
      return "Choose a model: Tab goes to the list, Enter takes one."
    }
    return state.settings.continuesText
      ? "This model was not tuned to answer: it continues the text you begin."
      : "Ask something. The answer appears here as it is written; Esc stops it."
  }

  // MARK: Settings and input

  private static func drawSettings(_ state: State, in rect: Rect, _ surface: inout Surface) {
    let isFocused = state.focus == .settings
    guard rect.height > 1 else {
      drawFields(state, in: rect, &surface)
      return
    }
    surface.panel(rect, "Settings", isFocused: isFocused) { drawFields(state, in: $0, &$1) }
  }

  private static func drawFields(_ state: State, in rect: Rect, _ surface: inout Surface) {
    var x = rect.x
    for field in ChatSettings.Field.allCases {
      let isChosen = state.focus == .settings && state.field == field
      let (name, value) = text(of: field, state.settings)
      x += surface.put(name, at: Point(x: x, y: rect.y), role: "ui.text.dim")
      let style = isChosen ? surface.theme["ui.selection"].adding(.bold) : .plain
      x += surface.put(
        isChosen ? "[\(value)]" : " \(value) ", at: Point(x: x, y: rect.y), style: style,
        columns: max(0, rect.right - x))
      x += 1
    }
  }

  private static func text(
    of field: ChatSettings.Field, _ settings: ChatSettings
  ) -> (name: String, value: String) {
    switch field {
    case .temperature:
      let value = decimal(settings.temperature)
      return ("temperature", settings.temperature == 0 ? "0 greedy" : value)
    case .topP:
      return ("top-p", settings.topP == 1 ? "off" : decimal(settings.topP))
    case .maxTokens: return ("tokens", String(settings.maxTokens))
    case .mode: return ("mode", settings.continuesText ? "continue" : "chat")
    case .system: return ("system", settings.system.isEmpty ? "none" : settings.system)
    }
  }

  /// The shortest decimal that stands for the number, as it was given.
  private static func decimal(_ number: Float) -> String { JSON(Double("\(number)") ?? 0).text() }

  private static func drawInput(_ state: State, in rect: Rect, _ surface: inout Surface) {
    let isFocused = state.focus == .input
    surface.panel(rect, "Your words", isFocused: isFocused) { inner, surface in
      state.input.draw(
        in: inner, on: &surface, prompt: ChatLayout.prompt,
        isFocused: isFocused && state.system == nil,
        placeholder: isFocused ? "" : "i writes here")
    }
  }

  private static func drawSystem(_ state: State, _ surface: inout Surface) {
    guard let system = state.system else { return }
    let frame = surface.bounds.centred(Size(width: min(72, surface.size.width), height: 6))
    surface.panel(frame, "System prompt", isFocused: true) { inner, surface in
      let (body, keys) = inner.split(bottom: 1)
      let (words, line) = body.split(top: 2)
      Paragraph("What the model is told before everything else; empty: nothing.")
        .draw(in: words, on: &surface)
      system.draw(in: line, on: &surface, prompt: ChatLayout.prompt)
      KeyFooter(ChatKeys.actions(state).map(\.hint)).draw(in: keys, on: &surface)
    }
  }
}
