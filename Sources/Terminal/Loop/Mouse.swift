/// What the mouse did, in cells from the top left.
public struct Mouse: Hashable, Sendable {
  public enum Action: Hashable, Sendable {
    /// The left button went down, was moved while down, went up.
    case press, drag, release
    case wheelUp, wheelDown
  }

  public var action: Action
  public var x, y: Int

  public init(_ action: Action, x: Int, y: Int) {
    self.action = action
    self.x = x
    self.y = y
  }

  /// A report in xterm's SGR form, `ESC [ < CODE ; X ; Y M` or `m`; `nil` if it is of no use here.
  init?(code: Int, x: Int, y: Int, isRelease: Bool) {
    let modifiers = 4 | 8 | 16
    switch code & ~modifiers {
    case 0: self.init(isRelease ? .release : .press, x: x - 1, y: y - 1)
    case 32: self.init(.drag, x: x - 1, y: y - 1)
    case 64: self.init(.wheelUp, x: x - 1, y: y - 1)
    case 65: self.init(.wheelDown, x: x - 1, y: y - 1)
    default: return nil
    }
  }
}
