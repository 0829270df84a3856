import Base
public import Testing

/// Compares `text` with the file `Goldens/NAME` beside the test's own file.
///
/// With `RECORD_GOLDENS=1` in the environment the file is written anew instead, and the test fails:
/// read the difference, then run again. On a mismatch the first differing line is told.
public func expectGolden(
  _ text: String, _ name: String, file: String = #filePath,
  at location: SourceLocation = #_sourceLocation
) throws {
  let golden = Path(file).parent / "Goldens" / name
  guard environment("RECORD_GOLDENS") == nil else {
    try Files.makeDirectory(golden.parent)
    try Files.write(text, to: golden)
    Issue.record("recorded \(name): read the difference, then run again", sourceLocation: location)
    return
  }
  guard Files.exists(golden) else {
    Issue.record(
      "Goldens/\(name) is missing: RECORD_GOLDENS=1 writes it", sourceLocation: location)
    return
  }
  let expected = try Files.readText(golden)
  guard text != expected else { return }
  Issue.record(
    "Goldens/\(name) differs: \(firstDifference(text, expected))", sourceLocation: location)
}

/// Where two texts part: the number of the line and what each has there.
private func firstDifference(_ text: String, _ expected: String) -> String {
  let got = text.split(separator: "\n", omittingEmptySubsequences: false)
  let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
  for line in 0..<max(got.count, wanted.count) {
    let a = line < got.count ? String(got[line]) : nil
    let b = line < wanted.count ? String(wanted[line]) : nil
    if a != b {
      return "line \(line + 1) is \(a.map { "\"\($0)\"" } ?? "not there"),"
        + " the golden has \(b.map { "\"\($0)\"" } ?? "no such line")"
    }
  }
  return "by invisible characters"
}
