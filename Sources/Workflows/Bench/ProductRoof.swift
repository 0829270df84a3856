import Base
import Tensors

/// How fast a device multiplies matrices: what a training step is measured against.
struct ProductRoof {
  /// Rows, inner size and columns: a square, a layer's and a large head's.
  static let shapes = [(2048, 2048, 2048), (4096, 512, 512), (1024, 512, 99584)]

  /// Floating-point operations a second of a square product of medium size: a tenth of a second's look.
  static func glance(on device: any Device) throws -> Double {
    try measure([(1024, 1024, 1024)], seconds: 0.1, on: device, clock: monotonicSeconds)
  }

  /// Floating-point operations a second: of each shape the best run, of all shapes the best.
  static func measure(on device: any Device, clock: () -> Double) throws -> Double {
    try measure(shapes, seconds: 0.5, on: device, clock: clock)
  }

  private static func measure(
    _ shapes: [(Int, Int, Int)], seconds: Double, on device: any Device, clock: () -> Double
  ) throws -> Double {
    var roof = 0.0
    for (rows, depth, columns) in shapes {
      let store = try ParameterStore(
        [ParameterSpec("weight", [columns, depth], decays: false)], on: device)
      let weight = store["weight"]
      try store.write([Float](repeating: 0.5, count: weight.range.count), to: weight)
      let input = View(try device.allocate(.operand, count: rows * depth))
      let output = View(try device.allocate(.operand, count: rows * columns))
      device.fill(input, with: 0.5)
      let recorder = try Recorder(store)
      let x = recorder.tensor(over: input, rows: Rows(capacity: rows), columns: depth)
      recorder.linear(x, weight, into: output)
      let program = try recorder.finish()
      let operations = 2 * Double(rows) * Double(depth) * Double(columns)
      let started = clock()
      var runs = 0
      // The first run meets new pages; after it, as many as the time holds, and three at least.
      while runs < 4 || clock() - started < seconds {
        let start = clock()
        program.run()
        if runs > 0 { roof = max(roof, operations / (clock() - start)) }
        runs += 1
      }
    }
    return roof
  }
}
