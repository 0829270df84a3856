public import Base

/// PyTorch's own files, which are refused: a pickle is a program, and opening one runs it.
public enum PickledModel {
  /// The refusal of a file that is a pickle, whatever its name; nil if it is none.
  public static func refusal(of path: Path) -> Failure? {
    guard !Files.isDirectory(path), var reader = try? FileReader(path) else { return nil }
    var start: [UInt8] = []
    guard (try? reader.read(into: &start, upTo: 4096)) != nil, isPickle(start) else { return nil }
    return refusal(path)
  }

  /// The refusal of a model's folder that holds pickles and no safetensors; nil if there are none.
  public static func refusal(in folder: Path) -> Failure? {
    let names = (try? Files.list(folder)) ?? []
    guard !names.contains(where: { $0.hasSuffix(".safetensors") }) else { return nil }
    let found = names.first {
      $0.hasPrefix("pytorch_model") && $0.hasSuffix(".bin") || $0.hasSuffix(".pt")
        || $0.hasSuffix(".pth")
    }
    return found.map { refusal(folder / $0) }
  }

  private static func refusal(_ path: Path) -> Failure {
    Failure(
      "\(path) is a PyTorch pickle, a program that opening would run",
      remedy: "Load it in Python where you trust it, and save it with save_pretrained(DIR), which "
        + "writes safetensors.")
  }

  /// Whether a file begins as torch.save writes: a zip with data.pkl in it, or a bare pickle of protocol 2 to 5.
  private static func isPickle(_ start: [UInt8]) -> Bool {
    if start.starts(with: [0x50, 0x4B, 3, 4]) {
      let name = Array("/data.pkl".utf8)
      return start.indices.contains { start[$0...].starts(with: name) }
    }
    return start.count > 2 && start[0] == 0x80 && (2...5).contains(start[1])
  }
}
