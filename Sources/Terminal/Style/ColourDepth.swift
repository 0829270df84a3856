/// How many colours may be used.
public enum ColourDepth: Int, Sendable, Comparable {
  /// None: attributes and signs only (`NO_COLOR`, or a terminal without colours).
  case none = 0
  /// The terminal's eight colours, bold standing for the brighter ones.
  case eight = 8
  /// The terminal's own sixteen.
  case sixteen = 16
  /// The colour cube and greys as well.
  case full = 256

  public static func < (a: ColourDepth, b: ColourDepth) -> Bool { a.rawValue < b.rawValue }

  /// The depth to use on a terminal with `colours` colours.
  ///
  /// - Parameters:
  ///   - colours: what terminfo says.
  ///   - noColour: the value of `NO_COLOR`, which counts when it is set and not empty.
  public static func choose(colours: Int, noColour: String?) -> ColourDepth {
    if let noColour, !noColour.isEmpty { return .none }
    switch colours {
    case 256...: return .full
    case 16...: return .sixteen
    case 8...: return .eight
    default: return .none
    }
  }
}
