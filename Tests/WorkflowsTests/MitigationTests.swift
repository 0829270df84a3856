import Base
import Lab
import TestSupport
import Testing
import Training

@testable import Workflows

@Suite("Mitigation of spikes") struct MitigationTests {
  private static let settings = [
    "inject=[lr-jump@45]", "spike.action=rollback", "spike.rollback_steps=2",
    "spike.skip_batches=3",
  ]

  @Test func `a run goes back from a spike, and its record, weights and resume say so`() throws {
    try TinyWorkspace.with { tiny in
      let alone = try tiny.undisturbed(Self.settings)
      let record = alone.record
      let back = try #require(record.events.first { $0.kind == .rollback })
      #expect(back.step == 40 && !back.isSuperseded)
      #expect(record["loss"]?.count == 60, "each step counts once")
      #expect(record.superseded("loss").count == (back.data["from"]?.int ?? 0) - 40)
      let losses = try #require(record["loss"])
      #expect(losses.value(at: 60)! < losses.value(at: 39)! + 0.5)

      // Stopped on its second way through the steps, it ends the same.
      let experiment = try tiny.register(Self.settings)
      for step in [43, 50] { try tiny.run(experiment, asking: [step: .stop]) }
      try tiny.run(experiment)
      #expect(try experiment.bytes(60) == alone.bytes(60))
      #expect(experiment.metrics == alone.metrics)
    }
  }

  @Test func `why a step was out of order can be read from the record`() throws {
    try TinyWorkspace.with { tiny in
      let experiment = try tiny.undisturbed(["inject=[bad-batch@45, bit-flip@30]"])
      let findings = SpikeFinding.all(
        experiment.record, checkpoints: experiment.folder.checkpointSteps())
      let finding = try #require(findings.last)
      #expect(finding.event.step == 45 && finding.wasSpike && finding.checkpoint == 40)
      #expect(finding.cause.contains("not the hardware"))
      #expect(finding.layers.map(\.name).contains("model.layers.1"))
      #expect(finding.documents == ["injected random ids"])
      #expect(finding.subsets.isEmpty)
      let flip = try #require(findings.first)
      #expect(flip.subsets.reduce(0) { $0 + $1.documents } > 0)
      #expect(flip.event.step == 30 && flip.cause.contains("the hardware"))
    }
  }
}
