import Base
import Lab
import Terminal
import Workflows

extension Commands {
  static let doctor = Command(
    "doctor", "", "what of this machine works, what is missing, and the cure"
  ) { invocation in
    // A workspace that does not open is one more thing to tell of.
    var workspace: Workspace?
    var closed: [Finding] = []
    do { workspace = try invocation.workspaceIfAny() } catch let failure as Failure {
      let named = invocation.value("--workspace").map { Path($0) / "kaji.yaml" }
      if let named, !Files.exists(named) { throw failure }
      closed = [Finding("workspace", "settings", failure.problem, .warning, cure: failure.remedy)]
    }
    let abilities = TerminalAbilities()
    let findings =
      closed + [Finding("library", "ncurses", abilities.library)]
      + Doctor.examine(
        folder: workspace?.root ?? .currentFolder, try invocation.context(workspace))
      + terminal(abilities)
    if invocation.json {
      Output.json([
        "version": JSON(kajiVersion), "commit": JSON(kajiCommit),
        "workspace": workspace.map { JSON($0.root.string) } ?? .null,
        "findings": .array(findings.map(json)),
        "missing": JSON(findings.count { $0.verdict == .missing }),
        "warnings": JSON(findings.count { $0.verdict == .warning }),
      ])
    } else {
      Output.line("kaji \(kajiVersion), commit \(kajiCommit)")
      Output.table(
        findings.map { finding in
          let sign =
            switch finding.verdict {
            case .good: "ok"
            case .warning: "!"
            case .missing: "MISSING"
            }
          return [sign, finding.group, finding.name, finding.value]
        }, leftColumns: 4)
      for finding in findings where finding.verdict != .good {
        Output.line("\(Sanitiser.visible(finding.name)): \(finding.cure)")
      }
    }
    return findings.contains { $0.verdict == .missing } ? .failed : .done
  }

  /// What the workbench can count on.
  private static func terminal(_ abilities: TerminalAbilities) -> [Finding] {
    var findings: [Finding] = []
    let name = abilities.name.isEmpty ? "TERM is not set" : "TERM=\(abilities.name)"
    let canDraw = abilities.isKnown && abilities.name != "dumb"
    findings.append(
      Finding(
        "terminal", "description", canDraw ? name : "\(name): cannot draw",
        canDraw ? .good : .warning,
        cure: canDraw ? "" : "Set TERM as your terminal wants it, as xterm-256color."))
    if canDraw {
      let isPlain = abilities.depth < .full
      let hint =
        abilities.multiplexer == "tmux"
        ? "In ~/.tmux.conf: set -g default-terminal \"tmux-256color\"."
        : "Use a terminal with 256 colours, as TERM=xterm-256color; fewer work, too."
      findings.append(
        Finding(
          "terminal", "colours", "\(abilities.colours), \(abilities.depth.rawValue) used",
          isPlain ? .warning : .good, cure: isPlain ? hint : ""))
    }
    findings.append(
      Finding(
        "terminal", "encoding", abilities.isUTF8 ? "UTF-8" : "not UTF-8",
        abilities.isUTF8 ? .good : .warning,
        cure: abilities.isUTF8
          ? ""
          : "Set LANG=C.UTF-8 or ja_JP.UTF-8, whichever `locale -a` lists "
            + "(Debian: libc-bin has the first)."))
    findings.append(
      Finding(
        "terminal", "session",
        (abilities.isTerminal ? "interactive" : "not a terminal")
          + (abilities.multiplexer.map { ", inside \($0)" } ?? "")))
    if abilities.multiplexer == "tmux" { findings.append(escapeTime()) }
    return findings
  }

  /// How long tmux holds Esc back to see whether it begins a sequence.
  private static func escapeTime() -> Finding {
    let asked = try? Subprocess.run(["tmux", "show-options", "-sv", "escape-time"])
    let text = String(decoding: asked?.output ?? [], as: UTF8.self)
    guard let delay = Int(text.filter(\.isNumber)), asked?.status == 0 else {
      return Finding("terminal", "Esc in tmux", "tmux does not say how long it waits")
    }
    return Finding(
      "terminal", "Esc in tmux", "\(delay) ms", delay > 50 ? .warning : .good,
      cure: delay > 50 ? "In ~/.tmux.conf: set -sg escape-time 10." : "")
  }

  private static func json(_ finding: Finding) -> JSON {
    [
      "group": JSON(finding.group), "name": JSON(finding.name), "value": JSON(finding.value),
      "verdict": JSON(finding.verdict.rawValue), "cure": JSON(finding.cure),
    ]
  }
}
