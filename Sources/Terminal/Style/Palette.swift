internal import Glibc

/// Colours as eye and terminal see them: hexadecimal in, palette entries out.
enum Palette {
  /// Red, green and blue of the sRGB space, 0–255 each.
  struct RGB: Hashable {
    var red, green, blue: UInt8
  }

  /// Names of the terminal's sixteen colours, by entry.
  static let names: [String] = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "light-black", "light-red", "light-green", "light-yellow", "light-blue", "light-magenta",
    "light-cyan", "light-white",
  ]

  /// `#rrggbb` as a colour; `nil` if it is not one.
  static func parse(_ text: String) -> RGB? {
    let bytes = Array(text.utf8)
    guard bytes.count == 7, bytes[0] == UInt8(ascii: "#"),
      bytes.dropFirst().allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(text.dropFirst(), radix: 16)
    else { return nil }
    return RGB(
      red: UInt8(value >> 16 & 255), green: UInt8(value >> 8 & 255), blue: UInt8(value & 255))
  }

  /// The entry of the colour cube and the greys (16–255) that looks nearest to `colour`.
  static func nearest256(to colour: RGB) -> UInt8 {
    nearest(to: colour, among: 16...255)
  }

  /// The one of the sixteen colours, as xterm draws them, that looks nearest to `colour`.
  static func nearest16(to colour: RGB) -> UInt8 {
    nearest(to: colour, among: 0...15)
  }

  private static func nearest(to colour: RGB, among entries: ClosedRange<UInt8>) -> UInt8 {
    let target = lab(colour)
    func distance(_ entry: UInt8) -> Double {
      let other = labs[Int(entry)]
      let (l, a, b) = (target.l - other.l, target.a - other.a, target.b - other.b)
      return l * l + a * a + b * b
    }
    return entries.min { distance($0) < distance($1) } ?? entries.lowerBound
  }

  /// The colour of palette entry `entry` in xterm's defaults.
  static func rgb(of entry: UInt8) -> RGB {
    switch entry {
    case 0...15:
      return sixteen[Int(entry)]
    case 16...231:
      let index = Int(entry) - 16
      func level(_ step: Int) -> UInt8 { step == 0 ? 0 : UInt8(55 + 40 * step) }
      return RGB(red: level(index / 36), green: level(index / 6 % 6), blue: level(index % 6))
    default:
      let grey = UInt8(8 + 10 * (Int(entry) - 232))
      return RGB(red: grey, green: grey, blue: grey)
    }
  }

  private static let sixteen: [RGB] = [
    RGB(red: 0, green: 0, blue: 0), RGB(red: 205, green: 0, blue: 0),
    RGB(red: 0, green: 205, blue: 0), RGB(red: 205, green: 205, blue: 0),
    RGB(red: 0, green: 0, blue: 238), RGB(red: 205, green: 0, blue: 205),
    RGB(red: 0, green: 205, blue: 205), RGB(red: 229, green: 229, blue: 229),
    RGB(red: 127, green: 127, blue: 127), RGB(red: 255, green: 0, blue: 0),
    RGB(red: 0, green: 255, blue: 0), RGB(red: 255, green: 255, blue: 0),
    RGB(red: 92, green: 92, blue: 255), RGB(red: 255, green: 0, blue: 255),
    RGB(red: 0, green: 255, blue: 255), RGB(red: 255, green: 255, blue: 255),
  ]

  private static let labs = (0...255).map { lab(rgb(of: UInt8($0))) }

  private static func linear(_ value: UInt8) -> Double {
    let v = Double(value) / 255
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4)
  }

  /// Oklab (Ottosson 2020): equal distances look about equally different.
  static func lab(_ colour: RGB) -> (l: Double, a: Double, b: Double) {
    let (r, g, b) = (linear(colour.red), linear(colour.green), linear(colour.blue))
    let l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    let m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    let s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
      0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    )
  }

  /// Contrast of two colours after WCAG 2: 1 (none) to 21.
  static func contrast(_ a: RGB, _ b: RGB) -> Double {
    func luminance(_ colour: RGB) -> Double {
      0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)
    }
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }
}
