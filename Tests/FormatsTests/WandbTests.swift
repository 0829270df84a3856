import Base
import Formats
import TestSupport
import Testing

@Suite("W&B offline files") struct WandbTests {
  /// Made by `Goldens/make-wandb.py`: wandb 0.31.0.
  static let golden = Path(#filePath).parent / "Goldens" / "wandb" / "run-golden.wandb"

  private static func rows(_ path: Path) throws -> (rows: [WandbReader.Row], exit: Int?) {
    var reader = try WandbReader(path)
    var rows: [WandbReader.Row] = []
    while let row = try reader.next() { rows.append(row) }
    return (rows, reader.exitStatus)
  }

  @Test func `the rows are those that were logged`() throws {
    let (rows, exit) = try Self.rows(Self.golden)
    #expect(rows.map(\.step) == Array(1...60) && exit == 0)
    for row in rows {
      func value(_ name: String) -> Double? { row.values.first { $0.name == name }?.value }
      let step = Double(row.step)
      let loss = 3 + exponential(-step / 50) + (row.step == 40 ? 4 : 0) + 0.01 * sine(step)
      let found = try #require(value("train/loss"))
      #expect(row.step == 50 ? found.isNaN : abs(found - loss) < 1e-12)
      #expect(value("train/grad_norm") == 1)
      #expect(value("eval/loss") == (row.step % 20 == 0 ? 3.2 : nil))
      #expect(value("note") == nil && row.time ?? 0 > 1.7e9)
    }
  }

  @Test func `cut off anywhere, what stands before is read`() throws {
    let bytes = try Files.read(Self.golden)
    let whole = try Self.rows(Self.golden).rows
    try withTemporaryFolder { folder in
      var last = 0
      // Around the border of the blocks every byte, elsewhere some.
      let cuts = Array(stride(from: 7, to: bytes.count, by: 613)) + Array(32_740..<32_800)
      for cut in cuts.sorted() {
        try Files.write(Array(bytes[..<cut]), to: folder / "run-a.wandb")
        let (rows, exit) = try Self.rows(folder / "run-a.wandb")
        #expect(rows == Array(whole.prefix(rows.count)) && rows.count >= last && exit == nil)
        last = rows.count
      }
      #expect(last > 55)
    }
  }

  @Test func `a flipped bit is found`() throws {
    let bytes = try Files.read(Self.golden)
    try withTemporaryFolder { folder in
      for place in stride(from: 14, to: bytes.count, by: 997) {
        var bad = bytes
        bad[place] ^= 8
        try Files.write(bad, to: folder / "run-a.wandb")
        #expect(throws: Failure.self) { try Self.complete(folder / "run-a.wandb") }
      }
      try Files.write(":W&B", to: folder / "run-a.wandb")
      #expect(throws: Failure.self) { _ = try WandbReader(folder / "run-a.wandb") }
    }
  }

  /// Throws if a file is not read to its end: a length that grew waits for bytes that never come.
  private static func complete(_ path: Path) throws {
    let (rows, exit) = try rows(path)
    guard rows.count == 60, exit == 0 else { throw Failure("cut off", remedy: "") }
  }

  /// sin x by its series, for arguments up to 60.
  private func sine(_ x: Double) -> Double {
    let turn = 2 * Double.pi
    let small = x - turn * (x / turn).rounded()
    var (term, sum) = (small, small)
    for n in 1...14 {
      term *= -small * small / Double(2 * n * (2 * n + 1))
      sum += term
    }
    return sum
  }
}
