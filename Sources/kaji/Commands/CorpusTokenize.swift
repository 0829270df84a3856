import Base
import Corpus
import Lab
import Workflows

extension Commands {
  static let corpusTokenize = Command(
    "corpus tokenize", "NAME[@VERSION]", "writes the token shards that training reads",
    options: [
      .value("--tokenizer", "T", "a tokenizer of the workspace, as NAME or NAME@VERSION"),
      .value(
        "--held-out", "SUBSET", "an LX subset that becomes the validation shard (heldout)",
        .repeated),
    ], count: 1...1
  ) { invocation in
    let workspace = try invocation.workspace()
    let context = try invocation.context(workspace)
    let heldOut = invocation.values("--held-out")
    let (shards, tokenizer) = try Interruption.raising(context.cancellation) {
      try CorpusWorkflow.tokenize(
        invocation.arguments[0], tokenizer: try invocation.required("--tokenizer"),
        heldOut: heldOut.isEmpty ? ["heldout"] : heldOut, in: workspace, context)
    }
    let manifest = shards.manifest
    if invocation.json {
      Output.json([
        "tokenizer": JSON(tokenizer), "folder": JSON(workspace.relative(shards.folder)),
        "train_tokens": JSON(manifest.tokens(.train)),
        "validation_tokens": JSON(manifest.tokens(.validation)),
        "files": JSON(manifest.files.count),
      ])
    } else {
      Output.line(
        "\(Sanitiser.visible(workspace.relative(shards.folder))): "
          + "\(Format.count(manifest.tokens(.train))) tokens to train on, "
          + "\(Format.count(manifest.tokens(.validation))) held out")
    }
    return .done
  }
}
