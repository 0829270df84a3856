import Base
import Testing

@Suite("Numbers and words for people") struct TextTests {
  @Test(
    "fixed digits",
    arguments: [
      (1.005, 2, "1.00"), (0, 2, "0.00"), (-0.001, 2, "0.00"), (-1.5, 0, "-2"), (2.5, 0, "3"),
      (1234.5678, 1, "1234.6"), (0.05, 1, "0.1"), (.nan, 2, "nan"), (-.infinity, 2, "-inf"),
      (999.999, 2, "1000.00"), (1e20, 2, "1e+20"),
    ] as [(Double, Int, String)])
  func fixed(_ value: Double, _ digits: Int, _ text: String) {
    #expect(Format.fixed(value, digits) == text)
  }

  @Test(
    "significant digits",
    arguments: [
      (0, 4, "0"), (3.14159, 4, "3.142"), (31415.9, 3, "31416"), (3e-4, 4, "0.0003000"),
      (1.5e-5, 4, "1.5e-5"), (-2.5e8, 3, "-2.5e8"), (9.9999e9, 3, "1e10"), (.nan, 3, "nan"),
      (.leastNonzeroMagnitude, 3, "4.94e-324"),
    ] as [(Double, Int, String)])
  func significant(_ value: Double, _ digits: Int, _ text: String) {
    #expect(Format.significant(value, digits) == text)
  }

  @Test("counts, sizes and short forms")
  func counts() {
    #expect(
      [0, 999, 1000, 1_234_567, -45_678].map { Format.count($0) }
        == ["0", "999", "1,000", "1,234,567", "-45,678"])
    #expect(Format.count(.min) == "-9,223,372,036,854,775,808")
    #expect(
      [950, 999.5, 1240, 35_100_000, 0.5, 2e12, 3e17, -12_345].map { Format.short($0) }
        == ["950", "1.00k", "1.24k", "35.1M", "0.50", "2.00T", "300P", "-12.3k"])
    #expect(
      [0, 999, 1000, 1_400_000].map { Format.bytes($0) }
        == ["0 B", "999 B", "1.00 kB", "1.40 MB"])
  }

  @Test(
    "time spans",
    arguments: [
      (0, "0.0 s"), (8.24, "8.2 s"), (9.96, "10 s"), (42, "42 s"), (59.7, "1m00s"), (245, "4m05s"),
      (11_520, "3h12m"), (194_400, "2d6h"), (-1, "?"), (.infinity, "?"), (.nan, "?"),
    ] as [(Double, String)])
  func durations(_ seconds: Double, _ text: String) { #expect(Format.duration(seconds) == text) }

  @Test("padding")
  func padding() {
    #expect(Format.padLeft("ab", 4) == "  ab")
    #expect(Format.padRight("ab", 4) == "ab  ")
    #expect(Format.padLeft("abc", 2) == "abc")
    #expect(Format.pad(7) == "07")
    #expect(Format.pad(123) == "123")
  }

  @Test(
    "edit distance",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2),
      ("学習率", "学習", 1), ("same", "same", 0),
    ])
  func distance(_ a: String, _ b: String, _ count: Int) {
    #expect(editDistance(a, b) == count)
    #expect(editDistance(b, a) == count)
  }

  @Test("a mistyped key finds its neighbour, and nonsense none")
  func suggestions() {
    let keys = ["steps", "batch_size", "sequence_length", "seed"]
    #expect(nearest(to: "step", among: keys) == "steps")
    #expect(nearest(to: "sequence_lenght", among: keys) == "sequence_length")
    #expect(nearest(to: "zzz", among: keys) == nil)
    #expect(nearest(to: "x", among: [String]()) == nil)
  }
}
