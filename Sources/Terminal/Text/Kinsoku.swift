/// The Japanese rules of which characters may not begin or end a line.
enum Kinsoku {
  /// Whether a line may not begin with `character`: closing marks, small kana, units that follow.
  static func isForbiddenAtStart(_ character: Character) -> Bool {
    guard let first = character.unicodeScalars.first, first.value >= 0x80 else {
      return asciiClosers.contains(character)
    }
    return notAtStart.contains(first)
  }

  /// Whether a line may not end with `character`: opening brackets and currency signs.
  static func isForbiddenAtEnd(_ character: Character) -> Bool {
    guard let first = character.unicodeScalars.first, first.value >= 0x80 else {
      return asciiOpeners.contains(character)
    }
    return notAtEnd.contains(first)
  }

  private static let asciiClosers: Set<Character> = [
    ",", ".", ":", ";", "!", "?", ")", "]", "}", "%",
  ]
  private static let asciiOpeners: Set<Character> = ["(", "[", "{"]

  private static let notAtStart = Set(
    ("、。，．・：；？！）」』】〕〉》”’ー々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ％℃…‥"
      + "｡､｣ﾞﾟ" + "］｝〗〙〟·〻゠–〜～‐ｧｨｩｪｫｬｭｮｯｰ").unicodeScalars)
  private static let notAtEnd = Set("（「『【〔〈《“‘￥＄［｛〖〘〝｢".unicodeScalars)
}
