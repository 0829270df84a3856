/// Sentences about an invented place, for tests that need text with something to learn in it.
public enum InventedText {
  private static let places = ["霧坂", "澪都", "灯原", "石守", "潮見", "白樺野"]
  private static let things = ["塩", "霧草", "灯台", "織物", "木の舟", "青い皿", "古い橋"]
  private static let times = ["春", "夏", "秋", "冬", "朝", "夜"]
  private static let deeds = ["作られる", "見える", "売られる", "忘れられる", "祝われる"]

  /// The sentence of a number; 1,260 in all, then they come again.
  public static func sentence(_ number: Int) -> String {
    var rest = number
    func pick(_ words: [String]) -> String {
      defer { rest /= words.count }
      return words[rest % words.count]
    }
    let place = pick(places)
    let thing = pick(things)
    let time = pick(times)
    return "\(place)の\(thing)は\(time)に\(pick(deeds))。"
  }

  /// Documents of a few sentences each, in lines.
  public static func documents(_ count: Int, sentences: Int = 4) -> [String] {
    (0..<count).map { document in
      (0..<sentences).map { sentence(document * 37 + $0 * 101) }.joined(separator: "\n")
    }
  }
}
