import Base
import Lab
import TestSupport
import Testing
import Training
import Workflows

@Suite("Model references") struct ModelReferenceTests {
  /// Changes a byte in the middle of a file.
  private static func damage(_ path: Path) throws {
    var bytes = try Files.read(path)
    bytes[bytes.count / 2] ^= 1
    // Removed first: a file that never changes may be linked elsewhere.
    try Files.remove(path)
    try Files.write(bytes, to: path)
  }

  @Test func `a damaged checkpoint is passed over, and that is said`() throws {
    try TinyWorkspace.with { tiny in
      let run = try tiny.undisturbed()
      let number = run.number
      #expect(run.folder.checkpointSteps() == [20, 40, 60])
      let newest = try ModelReference("\(number)", in: tiny.workspace)
      #expect(newest.step == 60 && newest.warnings.isEmpty)
      // The trainer's own state is not part of the model.
      try Self.damage(run.folder.checkpoint(60) / "state/trainer.json")
      #expect(try ModelReference("\(number)", in: tiny.workspace).step == 60)

      try Self.damage(run.folder.checkpoint(60) / "model.safetensors")
      try Files.remove(run.folder.checkpoint(40) / "tokenizer.json")
      let good = try ModelReference("\(number)", in: tiny.workspace)
      #expect(good.step == 20 && good.folder == run.folder.checkpoint(20))
      #expect(good.warnings.count == 2)
      #expect(good.warnings.first?.contains("model.safetensors is damaged") == true)
      #expect(good.warnings.last?.contains("tokenizer.json is missing") == true)
      _ = try good.load(WorkContext())

      let named = #expect(throws: Failure.self) {
        try ModelReference("\(number)@60", in: tiny.workspace)
      }
      #expect(named?.problem.contains("damaged") == true)
      #expect(named?.remedy.contains("40, 20") == true)
      try Self.damage(run.folder.checkpoint(20) / "config.json")
      #expect(throws: Failure.self) { try ModelReference("\(number)", in: tiny.workspace) }
    }
  }
}
