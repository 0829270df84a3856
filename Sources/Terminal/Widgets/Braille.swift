/// A grid of dots, eight to a cell, two wide and four high.
///
/// Braille patterns are one column wide in every terminal, unlike blocks and box drawing.
struct Braille {
  let columns: Int
  let rows: Int
  private var cells: [UInt8]

  /// - Parameters:
  ///   - columns: cells across.
  ///   - rows: cells down.
  init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
    cells = Array(repeating: 0, count: self.columns * self.rows)
  }

  var dotColumns: Int { columns * 2 }
  var dotRows: Int { rows * 4 }

  /// Bits of the left and the right dots of a cell, from the top.
  private static let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  /// Sets the dot at `x`, `y` from the top left; outside nothing happens.
  mutating func set(x: Int, y: Int) {
    guard x >= 0, x < dotColumns, y >= 0, y < dotRows else { return }
    cells[y / 4 * columns + x / 2] |= Self.bits[x % 2][y % 4]
  }

  /// Sets the dots of column `x` from `top` to `bottom`.
  mutating func set(x: Int, from top: Int, to bottom: Int) {
    for y in max(0, min(top, bottom))...max(0, top, bottom) { set(x: x, y: y) }
  }

  /// The pattern of a cell; `nil` if it has no dots.
  func pattern(column: Int, row: Int) -> UInt8? {
    let bits = cells[row * columns + column]
    return bits == 0 ? nil : bits
  }

  /// The character that shows `pattern`.
  static func character(_ pattern: UInt8) -> Character {
    Character(Unicode.Scalar(0x2800 + UInt32(pattern)) ?? " ")
  }
}
