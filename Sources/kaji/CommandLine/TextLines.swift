import Base
import Formats

/// Lines of text input: of a file, plain or compressed, or of standard input.
///
/// They end at `\n` alone; a final newline makes no empty line. Invalid UTF-8 becomes U+FFFD, with a
/// warning that names file and line.
struct TextLines {
  /// What errors call the source.
  let name: String
  let lines: [String]

  /// Reads all lines.
  ///
  /// - Parameter file: the file; `nil` or `-`: standard input.
  init(_ file: String?) throws {
    let source = file == "-" ? nil : file
    let name = source ?? "standard input"
    var lines: [String] = []
    func add(_ bytes: [UInt8]) {
      if let text = String(validating: bytes, as: UTF8.self) {
        lines.append(text)
      } else {
        lines.append(String(decoding: bytes, as: UTF8.self))
        Output.note(
          "kaji: warning: \(Sanitiser.visible(name)):\(lines.count): invalid UTF-8 became U+FFFD")
      }
    }
    if let source {
      var reader = try LineReader(Path(source))
      while let line = try reader.next() {
        switch line {
        case .bytes(let bytes): add(bytes)
        case .tooLong(let count):
          throw Failure(
            "\(source):\(reader.number): a line of \(Format.bytes(count))",
            remedy: "Cut it into shorter lines.")
        }
      }
    } else {
      var input = StandardInput()
      while let line = try input.nextLine() { add(line) }
    }
    self.name = name
    self.lines = lines
  }

  /// The place of a line, as `FILE:LINE`.
  func place(_ index: Int) -> String { "\(Sanitiser.visible(name)):\(index + 1)" }
}
