import Base
import Testing

@testable import Tensors

@Suite("Ops") struct OpTests {
  static let pool = ThreadPool(threads: 2)
  static let pools = [1, 2, 3, 8].map { ThreadPool(threads: $0) }

  /// Numbers above this are left to the differential test.
  static let small = OpCase.all.filter { $0.rows <= 70 }

  @Test("gradients are those of central differences in float64", arguments: small)
  func gradients(_ test: OpCase) throws {
    let device = ReferenceDevice()
    let run = try OpRun(test, on: device)
    _ = run.results()
    let analytic = device.reals(run.store.gradient)
    let values = run.store.values
    func loss(_ element: Int, _ value: Double) -> Double {
      device.upload([value], to: values.slice(element..<element + 1))
      device.fill(run.total, with: 0)
      run.program.run()
      return device.reals(run.total)[0]
    }
    let scale = analytic.map(abs).max() ?? 0
    // Every element of a small case, a spread of a larger one.
    for element in stride(from: 0, to: run.store.count, by: max(1, run.store.count / 150)) {
      let value = device.reals(values.slice(element..<element + 1))[0]
      let h = 1e-5
      let numeric = (loss(element, value + h) - loss(element, value - h)) / (2 * h)
      _ = loss(element, value)
      #expect(
        abs(numeric - analytic[element]) <= 1e-6 * max(scale, 1e-3),
        "element \(element): \(analytic[element]) instead of \(numeric)")
    }
  }

  /// `docs/ops.md` says where each verb is tested; a verb that is new must be in a case, and in that table.
  @Test func `every verb is in a case and in the table`() throws {
    let root = Path(#filePath).parent.parent.parent
    let device = try Files.readText(root / "Sources/Tensors/Devices/Device.swift")
    let ops = try #require(device.split(separator: "// MARK: Ops").last)
    let verbs = ops.split(separator: "\n").compactMap { line -> String? in
      guard line.hasPrefix("  func ") else { return nil }
      return String(line.dropFirst(7).prefix { $0 != "(" })
    }
    #expect(verbs.count > 25)
    let table = try Files.readText(root / "docs/ops.md")
    for verb in verbs { #expect(table.contains("`\(verb)`"), "\(verb) is not in docs/ops.md") }

    let optimisers = try #require(device.split(separator: "// MARK: Optimiser").last)
    let recorded = try Set(
      OpCase.all.flatMap { try OpRun($0, on: ReferenceDevice()).program.verbs })
    // The sum belongs to the head's step; the other two are CacheTests'.
    let elsewhere: Set = ["weightedSum", "scatterRows", "gatherRows"]
    for verb in verbs where !optimisers.contains("func \(verb)(") && !elsewhere.contains(verb) {
      #expect(recorded.contains(verb), "\(verb) is in no case")
    }
  }

  @Test(
    "every level of the CPU agrees with the reference", arguments: OpCase.all,
    CPULevel.allCases.filter { $0 <= .supported })
  func differential(_ test: OpCase, level: CPULevel) throws {
    let expected = try OpRun(test, on: ReferenceDevice()).results()
    let device = try CPUDevice(pool: Self.pool, level: level)
    let actual = try OpRun(test, on: device).results()
    #expect(error(actual.losses, expected.losses) < 1e-10)
    #expect(error(actual.gradient, expected.gradient) < 1e-10)
  }

  /// The reference rounds what is kept as bf16 as the CPU does. Where sums of fp32 and float64 fall on two sides of the
  /// middle between two numbers, a result is one unit off, 2⁻⁸ of it.
  @Test(
    "with bf16 agree with the reference of that precision, whatever the number of threads",
    arguments: OpCase.all, CPULevel.allCases.filter { $0 <= .supported })
  func half(_ test: OpCase, level: CPULevel) throws {
    let expected = try OpRun(test, on: ReferenceDevice(precision: .bf16)).results()
    let runs = try Self.pools.prefix(2).map { pool in
      try OpRun(test, on: CPUDevice(pool: pool, level: level, precision: .bf16)).results()
    }
    #expect(error(runs[0].losses, expected.losses) < 1e-5)
    #expect(error(runs[0].gradient, expected.gradient) < 5e-5)
    #expect(runs[0].losses == runs[1].losses && runs[0].gradient == runs[1].gradient)
  }

  @Test("the bits do not depend on the number of threads", arguments: OpCase.all)
  func threads(_ test: OpCase) throws {
    let results = try Self.pools.map { pool in
      try OpRun(test, on: CPUDevice(pool: pool)).results()
    }
    for result in results.dropFirst() {
      #expect(result.losses == results[0].losses)
      #expect(result.gradient == results[0].gradient)
    }
  }

  @Test(
    "a row's result does not depend on the rows behind it",
    arguments: OpCase.all.filter { !$0.seesAhead }, CPULevel.allCases.filter { $0 <= .supported })
  func rows(_ test: OpCase, level: CPULevel) throws {
    for precision in [Precision.fp32, .bf16] {
      let device = try CPUDevice(pool: Self.pool, level: level, precision: precision)
      let run = try OpRun(test, on: device)
      let all = run.losses(ofFirst: test.live)
      for count in Set([1, test.live / 3, test.live / 2, test.live - 1]) where count > 0 {
        #expect(
          run.losses(ofFirst: count) == Array(all.prefix(count)), "\(precision), \(count) rows")
      }
    }
  }

  /// The squared error relative to the squares: ggml's measure, which wants at most 1e-7.
  private func error(_ a: [Float], _ b: [Float]) -> Double {
    let squares = zip(a, b).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    return squares / max(1e-30, b.reduce(0.0) { $0 + Double($1) * Double($1) })
  }
}
