import Base
import Lab
import TestSupport
import Testing

@testable import Workflows

@Suite("Studies") struct StudyTests {
  @Test("a study in small: arms, seeds, report", arguments: StudyPlan.Kind.allCases)
  func small(_ kind: StudyPlan.Kind) throws {
    try TinyWorkspace.with { tiny in
      let plan = StudyPlan(kind, corpus: "world", tokenizer: "small", steps: 2, seeds: 1)
      let context = WorkContext()
      let study = try Study(plan, in: tiny.workspace, context) { _ in }
      let outcome = try #require(try study.run())
      let arms = outcome.json["arms"]?.array ?? []
      #expect(arms.count == plan.arms.count && outcome.rows.count == arms.count + 1)
      for arm in arms {
        #expect(arm["experiments"]?.array?.count == 1)
        #expect(arm["validation_loss"]?.double ?? 0 > 1)
      }
      #expect(outcome.findings.count == arms.count - 1)
      let folder = study.experiment.folder.path
      let page = try Files.readText(folder / "report.md")
      #expect(plan.arms.allSatisfy { page.contains("| \($0.name) |") })
      #expect(try Files.readText(folder / "curves.svg").contains("<polyline"))
      if kind == .precision {
        let last = arms.last?["figures"]
        #expect(last?["fp8/underflow"]?.double != nil && last?["fp8/saturated"]?.double != nil)
      }
      // Nothing is trained again.
      let count = try Experiments(tiny.workspace).list().experiments.count
      let again = try Study(resuming: outcome.experiment, in: tiny.workspace, context) { _ in }
      #expect(try again.run()?.json == outcome.json)
      #expect(try Experiments(tiny.workspace).list().experiments.count == count)
    }
  }

  @Test func `figures of invented curves`() throws {
    func curve(_ name: String, _ losses: [Double], _ validation: [Double]) -> StudyCurve {
      StudyCurve(name: name, losses: losses, validation: validation)
    }
    let fast = curve("ε 1e-8", (1...100).map { 4 - 0.02 * Double($0) }, [2.0, 2.01, 1.99])
    let slow = curve("ε 1e-5", (1...100).map { 4 - 0.01 * Double($0) }, [3.0, 3.01, 2.99])
    let same = curve("ε 1e-7", (1...100).map { 4 - 0.02 * Double($0) }, [2.005, 2.0, 1.99])
    let plan = StudyPlan(.adamEpsilon, corpus: "c", tokenizer: "t", steps: 100, seeds: 3)
    let report = StudyReport(plan: plan, number: 7, curves: [fast, same, slow], machine: "m")
    #expect(abs(report.target - 2.98) < 1e-12)
    #expect(report.rows[1][2] == "51" && report.rows[1][3] == "1.00")
    #expect(report.rows[3][2] == "never")
    #expect(report.findings[0].contains("no difference beyond"))
    #expect(report.findings[1].contains("1.0000 nats worse"))
    #expect(report.findings[1].contains("never comes down"))
    #expect(report.markdown.contains("# Study 0007"))
  }
}
