extension Surface {
  /// The whole grid as text: one line a row, spaces at the ends of lines left out.
  public var snapshot: String {
    (0..<gridSize.height).map { y in
      var line = row(y).map(\.glyph.text).joined()
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  /// The styles of the whole grid: one letter a cell, `.` for plain, and below what letters mean.
  ///
  /// Letters follow the order in which styles first occur.
  public var styleMap: String {
    var letters: [Style: Character] = [.plain: "."]
    var legend: [String] = []
    let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    let lines = (0..<gridSize.height).map { y in
      var line = ""
      for cell in row(y) {
        if let letter = letters[cell.style] {
          line.append(letter)
          continue
        }
        let letter = legend.count < alphabet.count ? alphabet[legend.count] : "*"
        letters[cell.style] = letter
        legend.append("\(letter): \(cell.style)")
        line.append(letter)
      }
      while line.hasSuffix(".") { line.removeLast() }
      return line
    }
    return (lines + legend).joined(separator: "\n")
  }
}
