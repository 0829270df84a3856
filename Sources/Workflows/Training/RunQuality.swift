public import Lab
import Training

/// How quiet the curves of a run are.
public enum RunQuality {
  /// The spike score of a metric of a run (see `SpikeScore`); `nil` while it has too few points.
  public static func spikeScore(_ metric: String, of reader: RunReader) -> Double? {
    var score = SpikeScore()
    for value in reader[metric]?.values ?? [] { score.add(value) }
    return score.share
  }
}
