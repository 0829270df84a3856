import Base
import Lab

extension RunExport {
  /// The curves and events as one JSON value: steps and values of each metric; what is no number is null.
  static func json(_ reader: RunReader) -> JSON {
    let metrics = reader.metrics.map { name in
      let series = reader[name]
      let count = series?.count ?? 0
      let steps = (0..<count).map { series?.steps.step(at: $0) ?? 0 }
      let values = (series?.values ?? []).map { $0.isFinite ? JSON.number($0) : .null }
      return (
        name,
        [
          "steps": .integers(steps), "values": .array(values),
          "non_finite": JSON(values.count { $0.isNull }),
        ] as JSON
      )
    }
    return [
      "metrics": .object(JSONObject(metrics)),
      "events": .array(
        reader.events.map { event in
          [
            "step": JSON(event.step), "kind": JSON(event.kind.rawValue), "text": JSON(event.text),
            "time": JSON(event.time.iso8601), "superseded": JSON(event.isSuperseded),
            "data": event.data,
          ]
        }),
    ]
  }
}
