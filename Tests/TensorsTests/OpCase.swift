import Base
import Testing

@testable import Tensors

/// One op between an embedding, which stands for its input, and a head, which makes one number of its output.
struct OpCase: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var rows: Int
  /// Rows in use; the rest must not matter.
  var live: Int
  /// Columns of the input.
  var width: Int
  /// Columns of the output.
  var outputs: Int
  var vocabulary = 5
  var terms = LossTerms()
  /// Whether a row's result depends on rows behind it.
  var seesAhead = false
  var parameters: [ParameterSpec] = []
  /// The row at which each row's document begins.
  var first: [Int32] = []
  /// Records the op; the input is [rows, width].
  var build: @Sendable (Recorder, Tensor, OpInputs) throws -> Tensor

  init(
    _ name: String, rows: Int, live: Int? = nil, width: Int, outputs: Int,
    parameters: [ParameterSpec] = [], documents: [Int] = [],
    build: @escaping @Sendable (Recorder, Tensor, OpInputs) throws -> Tensor
  ) {
    testDescription = "\(name) \(live ?? rows)/\(rows)×\(width)→\(outputs)"
    self.rows = rows
    self.live = live ?? rows
    self.width = width
    self.outputs = outputs
    self.parameters = parameters
    self.build = build
    let begins = documents.isEmpty ? [0] : documents
    first = (0..<rows).map { row in Int32(begins.last { $0 <= row } ?? 0) }
  }
}

/// The index buffers of a case.
struct OpInputs: @unchecked Sendable {
  let first, positions, key: View
}

/// A case recorded on a device.
struct OpRun {
  let device: any Device
  let store: ParameterStore
  let program: Program
  let losses, total: View
  private let live: View

  init(_ test: OpCase, on device: any Device) throws {
    self.device = device
    let specs =
      [ParameterSpec("x", [test.rows, test.width], decays: true)] + test.parameters + [
        ParameterSpec("head", [test.vocabulary, test.outputs], decays: true)
      ]
    store = try ParameterStore(specs, on: device)
    for (place, parameter) in store.parameters.enumerated() {
      let random = CounterRandom(seed: 3, purpose: UInt32(place))
      try store.write(
        (0..<parameter.range.count).map { Float(random.normal(UInt64($0))) * 0.7 }, to: parameter)
    }
    func index(_ numbers: [Int32]) throws -> View {
      let view = View(try device.allocate(.index, count: numbers.count))
      device.upload(numbers.span, to: view)
      return view
    }
    func real(_ numbers: [Float]) throws -> View {
      let view = View(try device.allocate(.real, count: numbers.count))
      device.upload(numbers.span, to: view)
      return view
    }
    live = try index([Int32(test.live)])
    let rows = Rows(capacity: test.rows, live: live)
    // Row 1 reads row 0's input too, so that gradients of an embedding meet.
    let ids = try index((0..<test.rows).map { $0 == 1 ? 0 : Int32($0) })
    let targets = try index(
      (0..<test.rows).map { $0 % 4 == 2 ? -100 : Int32(($0 * 7) % test.vocabulary) })
    let weights = try real((0..<test.rows).map { $0 % 4 == 2 ? 0 : 0.1 + 0.05 * Float($0 % 3) })
    losses = try real([Float](repeating: 0, count: test.rows))
    total = try real([0])
    let inputs = OpInputs(
      first: try index(test.first),
      positions: try index((0..<test.rows).map { Int32($0) - test.first[$0] }),
      key: try index([11, 0, 4]))
    let recorder = try Recorder(store, differentiates: true)
    let x = recorder.embedding(ids, table: store["x"], rows: rows)
    let y = try test.build(recorder, x, inputs)
    #expect(y.columns == test.outputs)
    recorder.crossEntropyHead(
      y, weight: store["head"], targets: targets, weights: weights, losses: losses, total: total,
      terms: test.terms)
    recorder.recordBackward()
    program = try recorder.finish()
  }

  /// The losses of the first `count` rows of a run of no more rows.
  func losses(ofFirst count: Int) -> [Float] {
    device.upload([Int32(count)].span, to: live)
    return Array(results().losses.prefix(count))
  }

  /// The row losses and the flat gradient of one run.
  func results() -> (losses: [Float], gradient: [Float]) {
    device.fill(store.gradient, with: 0)
    device.fill(total, with: 0)
    program.run()
    var numbers = [Float](repeating: 0, count: losses.count)
    var span = numbers.mutableSpan
    device.download(losses, into: &span)
    return (numbers, store.parameters.flatMap { store.readGradient($0) })
  }
}

extension OpCase {
  /// Every op, with odd sizes, size 1, and rows beyond a tile.
  static let all: [OpCase] = linears + norms + headNorms + ropes + attentions + units + heads

  static let linears =
    [(1, 1, 1), (3, 7, 5), (17, 33, 50), (40, 64, 97)].map { rows, width, out in
      OpCase(
        "linear", rows: rows, width: width, outputs: out,
        parameters: [ParameterSpec("w", [out, width], decays: true)]
      ) { r, x, _ in r.linear(x, r.parameters["w"]) }
    } + [
      OpCase(
        "linear fused, residual", rows: 19, live: 18, width: 6, outputs: 6,
        parameters: [
          ParameterSpec("a", [3, 6], decays: true), ParameterSpec("b", [5, 6], decays: true),
          ParameterSpec("down", [6, 8], decays: true),
        ]
      ) { r, x, _ in
        r.linear(
          r.linear(x, r.parameters["a"], r.parameters["b"]), r.parameters["down"], residual: x)
      },
      OpCase(
        "linear, bias", rows: 1, width: 1, outputs: 1,
        parameters: [
          ParameterSpec("a", [1, 1], decays: true), ParameterSpec("bias", [1], decays: false),
        ]
      ) { r, x, _ in r.linear(x, r.parameters["a"], bias: [r.parameters["bias"]]) },
      OpCase(
        "linear, biases, residual", rows: 40, live: 38, width: 7, outputs: 7,
        parameters: [
          ParameterSpec("a", [3, 7], decays: true), ParameterSpec("b", [38, 7], decays: true),
          ParameterSpec("abias", [3], decays: false), ParameterSpec("bbias", [38], decays: false),
          ParameterSpec("down", [7, 41], decays: true), ParameterSpec("dbias", [7], decays: false),
        ]
      ) { r, x, _ in
        let p = r.parameters
        let wide = r.linear(x, p["a"], p["b"], bias: [p["abias"], p["bbias"]])
        return r.linear(wide, p["down"], bias: [p["dbias"]], residual: x)
      },
    ]

  static let norms = [(1, 1), (3, 5), (20, 48)].map { rows, width in
    OpCase(
      "rmsNorm, residual", rows: rows, width: width, outputs: width,
      parameters: [
        ParameterSpec("g", [width], decays: false),
        ParameterSpec("w", [width, width], decays: true),
      ]
    ) { r, x, _ in
      r.linear(
        r.rmsNorm(x, gain: r.parameters["g"], epsilon: 1e-5), r.parameters["w"], residual: x)
    }
  }

  /// (rows, live, heads, size): norms of the heads of two slices of one product.
  static let headNorms = [(1, 1, 1, 1), (5, 4, 3, 2), (67, 66, 2, 37)].map {
    rows, live, heads, size in
    OpCase(
      "rmsNorm of heads", rows: rows, live: live, width: 3, outputs: (heads + 1) * size,
      parameters: [
        ParameterSpec("w", [(heads + 2) * size, 3], decays: true),
        ParameterSpec("q", [size], decays: false), ParameterSpec("k", [size], decays: false),
        ParameterSpec("a", [(heads + 1) * size, heads * size], decays: true),
        ParameterSpec("b", [(heads + 1) * size, size], decays: true),
      ]
    ) { r, x, _ in
      let p = r.parameters
      let parts = r.linear(x, p["w"]).split([heads * size, size, size])
      let q = r.rmsNorm(parts[0], gain: p["q"], epsilon: 1e-5)
      let k = r.rmsNorm(parts[1], gain: p["k"], epsilon: 1e-5)
      let v = r.rmsNorm(parts[2], gain: p["k"], epsilon: 1e-5)
      let sum = r.linear(v, p["b"], residual: r.linear(q, p["a"]))
      return r.linear(k, p["b"], residual: sum)
    }
  }

  static let ropes = [(1, 2, 2), (9, 12, 6), (18, 64, 32)].map { rows, width, head in
    OpCase("rope", rows: rows, width: width, outputs: width, documents: [0, 4]) { r, x, inputs in
      // In place, so it works on a product's output, as in a model.
      let plain = RotaryAngles(headSize: head, theta: 100)
      let table = try r.rotations(
        RotaryAngles(frequencies: plain.frequencies, scale: 1.25), positions: rows)
      let y = r.adding(x, to: r.rmsNorm(x, gain: r.parameters["g"], epsilon: 1e-5))
      r.rope(y, headSize: head, positions: inputs.positions, table: table)
      return y
    }.with(ParameterSpec("g", [width], decays: false))
  }

  /// (rows, live, heads, key heads, head size, documents)
  static let attentions = [true, false].flatMap { isCausal in
    attentionSizes.map { attention($0, isCausal) }
  }

  static let attentionSizes:
    [(rows: Int, live: Int, heads: Int, keys: Int, size: Int, documents: [Int])] = [
      (1, 1, 1, 1, 2, []), (5, 4, 2, 1, 3, [0, 3]), (21, 21, 4, 4, 8, [0, 1, 20]),
      (70, 67, 6, 2, 5, [0, 66]), (140, 140, 2, 1, 16, [0]), (131, 130, 3, 1, 33, [0, 1]),
      (75, 75, 2, 2, 32, [0, 9]),
    ]

  static func attention(
    _ sizes: (rows: Int, live: Int, heads: Int, keys: Int, size: Int, documents: [Int]),
    _ isCausal: Bool
  ) -> OpCase {
    let (heads, keys, size) = (sizes.heads, sizes.keys, sizes.size)
    let width = 3
    let columns = (heads + 2 * keys) * size
    var test = OpCase(
      "attention \(heads)/\(keys)\(isCausal ? "" : " full")", rows: sizes.rows, live: sizes.live,
      width: width, outputs: heads * size,
      parameters: [ParameterSpec("w", [columns, width], decays: true)], documents: sizes.documents
    ) { r, x, inputs in
      let parts = r.linear(x, r.parameters["w"]).split([heads * size, keys * size, keys * size])
      return r.attention(
        parts[0], parts[1], parts[2],
        shape: AttentionShape(heads: heads, keyHeads: keys, headSize: size, isCausal: isCausal),
        mask: AttentionMask(first: inputs.first))
    }
    test.seesAhead = !isCausal
    return test
  }

  static let units =
    [(1, 1), (6, 13), (35, 40)].map { rows, width in
      OpCase(
        "swiglu", rows: rows, width: 4, outputs: width,
        parameters: [ParameterSpec("w", [2 * width, 4], decays: true)]
      ) { r, x, _ in
        let parts = r.linear(x, r.parameters["w"]).split([width, width])
        return r.swiglu(parts[0], parts[1])
      }
    }
    + [(1, 1, 1), (8, 8, 6), (37, 35, 19)].map { rows, live, width in
      OpCase(
        "dropout", rows: rows, live: live, width: width, outputs: width,
        parameters: [ParameterSpec("w", [width, width], decays: true)]
      ) { r, x, inputs in
        let y = r.linear(x, r.parameters["w"])
        r.dropout(y, rate: 0.3, purpose: 2, key: inputs.key)
        return r.adding(x, to: y)
      }
    }

  static let heads =
    [(1, 1, 2), (7, 5, 3), (1100, 3, 37), (600, 3, 1300)].map { rows, width, vocabulary in
      var test = OpCase("head \(vocabulary)", rows: rows, width: width, outputs: width) { _, x, _ in
        x
      }
      test.vocabulary = vocabulary
      return test
    }
    + [
      (7, 5, 3, LossTerms(z: 0.1)), (9, 4, 37, LossTerms(smoothing: 0.2)),
      (40, 3, 70, LossTerms(z: 0.03, smoothing: 0.1)),
    ].map { rows, width, vocabulary, terms in
      var test = OpCase(
        "head \(vocabulary), z-loss \(terms.z), smoothing \(terms.smoothing)", rows: rows,
        width: width, outputs: width
      ) { _, x, _ in x }
      test.vocabulary = vocabulary
      test.terms = terms
      return test
    }

  private func with(_ parameter: ParameterSpec) -> OpCase {
    var copy = self
    copy.parameters.append(parameter)
    return copy
  }
}
