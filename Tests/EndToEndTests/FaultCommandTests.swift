import Base
import TestSupport
import Testing

@Suite("Faults from the command line") struct FaultCommandTests {
  @Test func `killed by its own fault, a run goes on to the same bytes, once`() throws {
    try withTemporaryFolder { folder in
      let kaji = try LifeTests.workspace(folder)
      let killed = try kaji(
        "train", "tiny.yaml", "--number", "31", "--inject", "kill@7", "--inject", "slow@9")
      #expect(killed.status != 0 && killed.output.isEmpty)
      let resumed = try kaji.json("train", "--resume", "31")
      #expect(resumed["state"] == "finished" && resumed["step"] == 12)
      let alone = try kaji.json("train", "tiny.yaml", "--number", "32")
      let weights = try ["0031_tiny", "0032_tiny"].map {
        try Files.read(folder / "experiments/\($0)/checkpoints/step-00000012/model.safetensors")
      }
      #expect(weights[0] == weights[1])
      #expect(resumed["loss"] == alone["loss"])
      let events = try kaji.json("runs", "show", "31")["events"]?.array ?? []
      #expect(events.count { $0["text"] == "injected slow@9" } == 1)
    }
  }
}
