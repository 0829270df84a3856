public import Base
internal import Glibc

/// The loop of a program on the screen: events change the state, the state is drawn, nothing else.
///
/// The loop owns the thread it runs on (the main one) and never waits for anything but the terminal,
/// signals and the mailbox. Reads, searches and computations are tasks that post messages.
public enum EventLoop {
  /// Runs until an effect orders `.quit`, the terminal goes away, or SIGTERM comes.
  ///
  /// - Parameters:
  ///   - state: where to begin; the first event is `.resized`.
  ///   - screen: the terminal to draw on; still started when the loop ends.
  ///   - mailbox: where tasks post.
  ///   - theme: how to draw this state; must be made for the screen's colour depth.
  ///   - mouse: whether the mouse means anything in this state.
  ///   - update: advances the state by one event and says what to ask of the world. Pure.
  ///   - view: draws the state. Pure; called at most once a frame.
  ///   - perform: starts what an effect asks for, without waiting for it.
  ///
  /// Once the terminal has gone away, further hang-ups are ignored: the process is then saving.
  /// - Returns: the last state and why the loop ended.
  /// - Throws: ``Base/Failure`` if no pipe for signals can be made.
  public static func run<State, Message, Effect>(
    _ state: State, on screen: Screen, mailbox: Mailbox<Message>, theme: (State) -> Theme,
    mouse: (State) -> Bool = { _ in false }, update: (inout State, Event<Message>) -> [Effect],
    view: (State, inout Surface) -> Void,
    perform: (Effect) -> Order
  ) throws(Failure) -> (state: State, ending: Ending) {
    var runner = Runner(
      state: state, screen: screen, mailbox: mailbox, signals: try SignalPipe())
    while true {
      if let ending = runner.turn(theme, mouse, update, view, perform) {
        return (runner.state, ending)
      }
    }
  }
}

/// The loop between two turns.
private struct Runner<State, Message: Sendable> {
  /// Seconds of silence after which a lone escape byte is the Esc key.
  static var escapePause: Double { 0.025 }
  /// Seconds of silence after which a paste without end is over.
  static var pastePause: Double { 2 }
  /// Seconds without a further change of size after which the new one counts.
  static var resizePause: Double { 0.03 }

  var state: State
  let screen: Screen
  let mailbox: Mailbox<Message>
  let signals: SignalPipe
  var decoder: KeyDecoder
  var pacer = FramePacer()
  var hasBegun = false
  var ending: Ending?
  /// When the decoder last got bytes; when the last SIGWINCH came. Seconds.
  var lastInput = 0.0
  var lastResize: Double?

  init(state: State, screen: Screen, mailbox: Mailbox<Message>, signals: SignalPipe) {
    self.state = state
    self.screen = screen
    self.mailbox = mailbox
    self.signals = signals
    decoder = KeyDecoder(sequences: screen.keySequences)
  }

  /// Draws if due, waits for something to happen, and handles it.
  mutating func turn<Effect>(
    _ theme: (State) -> Theme, _ mouse: (State) -> Bool,
    _ update: (inout State, Event<Message>) -> [Effect],
    _ view: (State, inout Surface) -> Void, _ perform: (Effect) -> Order
  ) -> Ending? {
    var events: [Event<Message>] = []
    if !hasBegun {
      hasBegun = true
      events.append(.resized(screen.size))
    } else {
      events = wait()
    }
    for event in events where ending != .quit { dispatch(event, update, perform) }
    if let ending {
      if ending == .hangUp { signals.outliveHangUps() }
      if ending != .quit { dispatch(.closing(ending), update, perform) }
      return ending
    }
    let start = monotonicSeconds()
    // While the size is changing, whatever is drawn is wrong.
    if lastResize == nil, let delay = pacer.delay(now: start), delay == 0 {
      var surface = Surface(size: screen.size, theme: theme(state))
      view(state, &surface)
      screen.setMouse(mouse(state))
      screen.present(surface)
      pacer.drew(from: start, to: monotonicSeconds())
    }
    return nil
  }

  private mutating func dispatch<Effect>(
    _ event: Event<Message>, _ update: (inout State, Event<Message>) -> [Effect],
    _ perform: (Effect) -> Order
  ) {
    if case .message = event { pacer.note(isKey: false) } else { pacer.note(isKey: true) }
    for effect in update(&state, event) { obey(perform(effect)) }
  }

  private mutating func obey(_ order: Order) {
    switch order {
    case .proceed: break
    case .quit: ending = ending ?? .quit
    case .bell: screen.ring()
    case .redraw: redraw()
    case .suspend: suspend()
    }
  }

  private mutating func redraw() {
    screen.invalidate()
    pacer.note(isKey: true)
  }

  private mutating func suspend() {
    screen.suspend()
    signals.stopProcess()
    screen.resume()
    redraw()
    // The terminal may have another size than when we left it.
    lastResize = monotonicSeconds() - Self.resizePause
  }

  /// Waits for the terminal, a signal, a message, or the next moment something is due.
  private mutating func wait() -> [Event<Message>] {
    var sources = [
      pollfd(fd: screen.input, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    guard unsafe poll(&sources, nfds_t(sources.count), timeout()) >= 0 else { return [] }
    var events: [Event<Message>] = []
    if sources[1].revents != 0 { for number in signals.take() { handle(number, into: &events) } }
    if sources[0].revents != 0 { readKeys(into: &events) } else { flushKeys(into: &events) }
    if sources[2].revents != 0 { events += mailbox.drain().map(Event.message) }
    if let changed = lastResize, monotonicSeconds() - changed >= Self.resizePause {
      lastResize = nil
      if screen.updateSize() { events.append(.resized(screen.size)) }
      pacer.note(isKey: true)
    }
    return events
  }

  /// Milliseconds until something is due without any event; -1 if nothing is.
  private func timeout() -> CInt {
    let now = monotonicSeconds()
    var dues: [Double] = []
    if let changed = lastResize {
      dues.append(changed + Self.resizePause - now)
    } else if let delay = pacer.delay(now: now) {
      dues.append(delay)
    }
    if decoder.isWaiting { dues.append(lastInput + decoderPause - now) }
    guard let due = dues.min() else { return -1 }
    return CInt(max(0, (due * 1000).rounded(.up)))
  }

  private var decoderPause: Double { decoder.isPasting ? Self.pastePause : Self.escapePause }

  private mutating func handle(_ number: CInt, into events: inout [Event<Message>]) {
    switch number {
    case SIGWINCH: lastResize = monotonicSeconds()
    case SIGINT: events.append(.interrupted)
    case SIGTERM: ending = .terminated
    case SIGHUP: ending = .hangUp
    case SIGTSTP: suspend()
    case SIGCONT:
      // Stopped and continued from outside, without a chance to give the terminal back.
      screen.resume()
      redraw()
    default: break
    }
  }

  private mutating func readKeys(into events: inout [Event<Message>]) {
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = unsafe read(screen.input, &bytes, bytes.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    guard count > 0 else {
      ending = .hangUp
      return
    }
    lastInput = monotonicSeconds()
    add(decoder.feed(bytes[..<count]), to: &events)
  }

  private mutating func flushKeys(into events: inout [Event<Message>]) {
    guard decoder.isWaiting, monotonicSeconds() - lastInput >= decoderPause else { return }
    add(decoder.flush(endingPaste: true), to: &events)
  }

  private func add(_ inputs: [KeyDecoder.Input], to events: inout [Event<Message>]) {
    for input in inputs {
      switch input {
      case .key(let key): events.append(.key(key))
      case .paste(let text): events.append(.paste(text))
      }
    }
  }
}
