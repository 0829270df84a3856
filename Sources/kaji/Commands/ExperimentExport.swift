import Base
import Workflows

extension Commands {
  static let experimentExport = Command(
    "exp export", "N", "an experiment as a page of Markdown, its curves beside it as SVG",
    options: [.value("--to", "FILE", "the page (NNNN.md)")], count: 1...1
  ) { invocation in
    let workspace = try invocation.workspace()
    let number = try invocation.experiment()
    let file = Path(invocation.value("--to") ?? "\(Format.pad(number, 4)).md").absolute
    let files = try ExperimentPage.write(number, in: workspace, to: file)
    if invocation.json {
      Output.json(["files": .array(files.map { JSON($0.string) })])
    } else {
      for file in files { Output.line(Sanitiser.visible(file.string)) }
    }
    return .done
  }
}
