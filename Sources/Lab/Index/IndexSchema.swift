/// The tables of `kaji.db`, step by step from the empty file.
///
/// Every row can be made again from the workspace's files. Paths are relative to the workspace, so that it
/// may be moved.
enum IndexSchema {
  static let steps: [[String]] = [
    [
      // What has been read, and how it looked then.
      """
      CREATE TABLE sources (
        path TEXT PRIMARY KEY, kind TEXT NOT NULL, stamp TEXT NOT NULL, is_settled INTEGER NOT NULL,
        problem TEXT
      ) WITHOUT ROWID
      """,
      """
      CREATE TABLE experiments (
        path TEXT PRIMARY KEY REFERENCES sources ON DELETE CASCADE, number INTEGER NOT NULL,
        kind TEXT NOT NULL, json TEXT NOT NULL
      )
      """,
      "CREATE INDEX experiments_by_number ON experiments (number)",
      """
      CREATE TABLE runs (
        path TEXT PRIMARY KEY REFERENCES sources ON DELETE CASCADE, json TEXT NOT NULL
      )
      """,
      """
      CREATE TABLE scores (
        path TEXT NOT NULL REFERENCES sources ON DELETE CASCADE, line INTEGER NOT NULL,
        model_hash TEXT NOT NULL, task TEXT NOT NULL, category TEXT NOT NULL, json TEXT NOT NULL,
        PRIMARY KEY (path, line)
      )
      """,
      "CREATE INDEX scores_by_task ON scores (task, model_hash)",
      """
      CREATE TABLE versions (
        path TEXT PRIMARY KEY REFERENCES sources ON DELETE CASCADE, kind TEXT NOT NULL,
        name TEXT NOT NULL, version INTEGER NOT NULL, json TEXT NOT NULL
      )
      """,
    ],
    // Runs keep how many steps they are to have: all are read again.
    ["DELETE FROM sources"],
    [
      """
      CREATE TABLE chats (
        path TEXT PRIMARY KEY REFERENCES sources ON DELETE CASCADE, id TEXT NOT NULL,
        created TEXT NOT NULL, json TEXT NOT NULL
      )
      """,
      """
      CREATE TABLE models (
        path TEXT PRIMARY KEY REFERENCES sources ON DELETE CASCADE, name TEXT NOT NULL,
        json TEXT NOT NULL
      )
      """,
    ],
  ]
}
