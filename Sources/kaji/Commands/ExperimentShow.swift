import Base
import Formats
import Lab

extension Commands {
  static let experimentShow = Command(
    "exp show", "N", "an experiment with its notes and provenance", count: 1...1
  ) { invocation in
    let workspace = try invocation.workspace()
    let experiments = Experiments(workspace)
    let experiment = try experiments.find(try invocation.experiment())
    let state = experiments.state(of: experiment)
    // The file itself, so that nothing it holds is lost on the way; the state is what it is now.
    var content = try YAML.read(experiment.folder.settings).root.object ?? JSONObject()
    content["state"] = JSON(state.rawValue)
    content["folder"] = JSON(workspace.relative(experiment.folder.path))
    content["checkpoints"] = .integers(experiment.folder.checkpointSteps())
    if invocation.json {
      Output.json(.object(content))
    } else {
      Output.untrusted(YAML.text(.object(content)))
    }
    return .done
  }
}
