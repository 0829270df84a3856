import Lab
import Terminal

/// Which keys of the Runs pane work now, and why others do not.
enum RunsKeys {
  typealias Action = KeyAction<RunsPane.Command>

  static func actions(_ state: RunsPane.State) -> [Action] {
    switch state.dialog {
    case .configuration(_, _, let isBusy):
      return [
        Action(.enter, "start", .confirm, unless: isBusy ? "The run is being started." : nil),
        Action(.escape, "cancel", .cancel),
      ]
    case .stop:
      return [
        Action(.character("y"), "stop the run", .confirm), Action(.escape, "keep it", .cancel),
      ]
    case .why(let event):
      return [
        Action(
          .character("c"), "chat before it", .chat,
          unless: event.checkpoint == nil ? "No checkpoint lies before it." : nil),
        Action(
          .character("d"), "its documents", .documents,
          unless: event.documents.isEmpty || state.ownCurves?.corpus == nil
            ? "The record does not name documents of a corpus." : nil),
        Action(
          .character("x"), "against a run without", .compare,
          unless: state.calmRun == nil ? "Every other run has spikes." : nil),
        Action(.escape, "close", .cancel),
      ]
    case .filter:
      return [Action(.enter, "show these", .confirm), Action(.escape, "cancel", .cancel)]
    case nil: break
    }
    if state.showsAll { return grid(state) }
    let focused = state.focus == .curve ? curve(state) + run(state) : run(state) + curve(state)
    return open(state) + focused + look(state)
  }

  private static func open(_ state: RunsPane.State) -> [Action] {
    switch state.focus {
    case .list: [Action(.enter, "curve", .open, unless: noRun(state))]
    case .events where state.side != .events: []
    case .events:
      [
        Action(
          .enter, "go to step", .open,
          unless: state.ownCurves?.events.isEmpty == false ? nil : "This run has no events yet.")
      ]
    case .curve:
      state.cursor == nil ? [] : [Action(.escape, "no cross-hair", .cancel)]
    }
  }

  /// Where every metric has its chart.
  private static func grid(_ state: RunsPane.State) -> [Action] {
    let none = state.metrics.isEmpty ? "No metric has such a name." : nil
    let all = state.window.span == nil ? "All steps are shown; + zooms in." : nil
    let newest = all ?? (state.window.isFollowing ? "The newest step is in view." : nil)
    return [
      Action(.enter, "this one large", .open, unless: none),
      Action(.character("a"), "one chart", .all),
      Action(.character("/"), "filter", .filter),
      Action(.character("+"), "zoom in", .zoomIn, unless: none),
      Action(.character("-"), "zoom out", .zoomOut, unless: none ?? all),
      Action(.character("0"), "all steps", .fit, unless: none ?? all),
      Action(.character("h"), "earlier", .earlier, unless: none ?? all),
      Action(.character("l"), "later", .later, unless: none ?? newest),
      Action(.character("S"), "smooth", .smooth, unless: none),
      Action(.character("x"), "x axis", .axis, unless: none),
      Action(.character("X"), "log x", .logAxis, unless: none),
      Action(
        .character("L"), state.isLogarithmic ? "linear" : "log", .logarithmic, unless: none),
    ]
  }

  /// How the curves are looked at, and what stands beside them.
  private static func look(_ state: RunsPane.State) -> [Action] {
    let none =
      noRun(state) ?? (state.ownCurves == nil ? "The curves are being read." : nil)
    let few = none ?? (state.metrics.count < 2 ? "There is no other metric." : nil)
    let alone = none ?? (state.overlays.isEmpty ? "Space marks a run in the list first." : nil)
    func side(_ key: Character, _ label: String, _ side: RunsPane.State.Side) -> Action {
      Action(
        .character(key), label, .side(side),
        unless: none ?? (state.side == side ? "That is shown already." : nil))
    }
    let mark =
      state.focus == .list
      ? [
        Action(
          .character(" "),
          state.selected.map { state.marked.contains($0) } == true
            ? "take away" : "lay over", .mark, unless: noRun(state))
      ] : []
    return mark + [
      Action(.character("a"), "all charts", .all, unless: none),
      Action(.character("m"), "next metric", .nextMetric, unless: few),
      Action(.character("M"), "previous metric", .previousMetric, unless: few),
      Action(.character("/"), "filter metrics", .filter, unless: none),
      Action(.character("S"), "smooth", .smooth, unless: none),
      Action(.character("x"), "steps, tokens, time", .axis, unless: none),
      Action(.character("X"), "log x", .logAxis, unless: none),
      Action(
        .character("d"), state.showsDifference ? "values" : "difference", .difference,
        unless: alone),
      side("e", "events", .events), side("t", "log", .log), side("i", "system", .system),
      side("o", "configuration", .configuration),
    ]
  }

  private static func run(_ state: RunsPane.State) -> [Action] {
    let readOnly = state.isReadOnly ? "The workspace is read-only for you." : nil
    let live = readOnly ?? noRun(state) ?? notLive(state)
    let isPaused = state.run?.state == .paused
    return [
      state.focus == .list
        ? Action(.character("n"), "new run", .start, unless: readOnly) : nil,
      Action(
        .character("r"), "resume", .resume,
        unless: readOnly ?? noRun(state) ?? notResumable(state)),
      Action(.character("s"), "stop", .stop, unless: live),
      Action(
        .character("p"), isPaused ? "go on" : "pause", isPaused ? .goOn : .pause, unless: live),
      Action(
        .character("c"), "chat", .chat,
        unless: noRun(state)
          ?? (state.run?.hasCheckpoint == true ? nil : "This run has no checkpoint yet.")),
    ].compactMap { $0 }
  }

  private static func curve(_ state: RunsPane.State) -> [Action] {
    let none =
      noRun(state) ?? (state.ownCurves == nil ? "The curves are being read." : nil)
    let spikes = state.ownCurves?.events.contains { $0.kind == .spike } == true
    let all = none ?? (state.window.span == nil ? "All steps are shown; + zooms in." : nil)
    let newest = all ?? (state.window.isFollowing ? "The newest step is in view." : nil)
    // In the list n starts a run.
    let n: Character = state.focus == .list ? "v" : "n"
    let noSpike = none ?? (spikes ? nil : "This run has no spikes.")
    return [
      Action(.character("+"), "zoom in", .zoomIn, unless: none),
      Action(.character("-"), "zoom out", .zoomOut, unless: all),
      Action(.character("0"), "all steps", .fit, unless: all),
      Action(
        .character("f"), "follow", .follow,
        unless: none ?? (state.window.isFollowing ? "The newest step is followed already." : nil)),
      Action(.character("h"), "earlier", .earlier, unless: all),
      Action(.character("l"), "later", .later, unless: newest),
      Action(.character(n), "next spike", .nextSpike, unless: noSpike),
      Action(.character(n == "n" ? "N" : "V"), "previous spike", .previousSpike, unless: noSpike),
      Action(
        .character("w"), "why", .why,
        unless: none
          ?? (state.event?.why.isEmpty == false
            ? nil : "The record does not say why: choose a spike with \(n).")),
      Action(
        .character("L"), state.isLogarithmic ? "linear" : "log", .logarithmic,
        unless: none),
      Action(
        .character("y"), state.showsPeaks ? "cut peaks" : "whole peaks", .peaks,
        unless: none ?? noPeak(state)),
    ]
  }

  private static func noPeak(_ state: RunsPane.State) -> String? {
    if state.isLogarithmic { return "The logarithmic axis reaches to all peaks." }
    return RunsCharts.hasPeaks(state) ? nil : "No peak is higher than the axis."
  }

  private static func noRun(_ state: RunsPane.State) -> String? {
    state.run == nil ? "There is no run to choose." : nil
  }

  private static func notLive(_ state: RunsPane.State) -> String? {
    guard let run = state.run, !run.state.isLive else { return nil }
    return "\(run.name) is not at work: it is \(run.state.rawValue)."
  }

  private static func notResumable(_ state: RunsPane.State) -> String? {
    guard let run = state.run else { return nil }
    switch run.state {
    case .running, .paused: return "\(run.name) is at work."
    case .finished: return "\(run.name) is finished; n starts another."
    default: return nil
    }
  }
}
