import Base
import Lab

extension Commands {
  static let initialise = Command(
    "init", "[DIR]", "makes a workspace",
    options: [.value("--group", "G", "shares it with a group of the system")], count: 0...1
  ) { invocation in
    let folder = invocation.arguments.first ?? invocation.value("--workspace") ?? "."
    let path = Path(folder)
    let existed = Files.exists(path / "kaji.yaml")
    let workspace = try Workspace.create(at: path, group: invocation.value("--group"))
    if invocation.json {
      Output.json(["workspace": JSON(workspace.root.string), "created": JSON(!existed)])
    } else if existed {
      Output.line("\(Sanitiser.visible(workspace.root.string)) is a workspace already")
    } else {
      Output.line("made the workspace \(Sanitiser.visible(workspace.root.string))")
    }
    return .done
  }
}
