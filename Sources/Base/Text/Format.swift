/// Numbers written for people.
public enum Format {
  /// `value` with `digits` digits after the point; "nan" and "inf" by name.
  public static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let scale = power(10, digits)
    guard abs(value) * scale < 9e15 else { return value.description }
    let scaled = (abs(value) * scale).rounded()
    let sign = value < 0 && scaled > 0 ? "-" : ""
    let whole = String(Int(scaled))
    guard digits > 0 else { return sign + whole }
    let padded = String(repeating: "0", count: max(0, digits + 1 - whole.count)) + whole
    return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
  }

  /// `value` with about `digits` significant digits, in scientific form when very small or large.
  public static func significant(_ value: Double, _ digits: Int = 4) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : fixed(value, 0) }
    var exponent = 0
    var mantissa = abs(value)
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    if (-4..<7).contains(exponent) { return fixed(value, max(0, digits - 1 - exponent)) }
    var text = fixed(mantissa, digits - 1)
    if text.hasPrefix("10") { (text, exponent) = (fixed(1, digits - 1), exponent + 1) }
    if text.contains("."), digits > 1 {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return (value < 0 ? "-" : "") + text + "e" + String(exponent)
  }

  /// A count with thousands separated: `12,345`.
  public static func count(_ value: Int) -> String {
    var digits = Substring(String(value.magnitude))
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.insert(digits.suffix(3), at: 0)
      digits = digits.dropLast(3)
    }
    groups.insert(digits, at: 0)
    return (value < 0 ? "-" : "") + groups.joined(separator: ",")
  }

  /// A number in at most five characters: `950`, `1.24k`, `35.1M`.
  public static func short(_ value: Double) -> String {
    guard value.isFinite else { return fixed(value, 0) }
    var scaled = abs(value)
    var unit = ""
    for next in ["k", "M", "G", "T", "P", "E"] where scaled >= 999.5 {
      (scaled, unit) = (scaled / 1000, next)
    }
    let digits =
      unit.isEmpty && scaled == scaled.rounded() ? 0 : scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0
    return (value < 0 ? "-" : "") + fixed(scaled, digits) + unit
  }

  /// A size in bytes: `512 B`, `1.4 MB` (powers of 1,000).
  public static func bytes(_ count: Int) -> String {
    guard count >= 1000 else { return "\(count) B" }
    let text = short(Double(count))
    return text.dropLast() + " " + (text.hasSuffix("k") ? "k" : String(text.suffix(1))) + "B"
  }

  /// A time span: `8.2 s`, `42 s`, `4m05s`, `3h12m`, `2d6h`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 3.2e8 else { return "?" }
    if seconds < 59.5 { return fixed(seconds, seconds < 9.95 ? 1 : 0) + " s" }
    let whole = Int(seconds.rounded())
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    if hours >= 48 { return "\(hours / 24)d\(hours % 24)h" }
    if hours > 0 { return "\(hours)h\(pad(minutes))m" }
    return "\(minutes)m\(pad(whole % 60))s"
  }

  /// `text` filled with spaces at its left to `width` characters (ASCII text only).
  public static func padLeft(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// `text` filled with spaces at its right to `width` characters (ASCII text only).
  public static func padRight(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// A whole number with at least `width` digits.
  public static func pad(_ value: Int, _ width: Int = 2) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<max(0, exponent)).reduce(1) { value, _ in value * base }
  }
}
