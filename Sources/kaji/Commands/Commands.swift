import Base

/// Every command, in the order of the help.
enum Commands {
  static let all: [Command] = [
    initialise, demo, reindex, doctor,
    corpusImport, corpusList, corpusStats, corpusShow, corpusSearch, corpusDedup, corpusTokenize,
    corpusExport,
    tokenizerTrain, tokenizerEncode, tokenizerDecode, tokenizerInfo,
    plan, train, tuneSFT, generate, score, chat, convert,
    evaluate, evaluationList, evaluationTable, evaluationSamples, evaluationRescore,
    experimentNew, experimentList, experimentShow, experimentNote, experimentDiff,
    experimentExport, experimentUntagged,
    runsList, runsShow, runsWhy, runsWatch, runsPause, runsContinue, runsSave, runsStop, runsRate,
    runsPin,
    runsExport, runsImport, studyEpsilon, studyPrecision,
    benchTrain, benchTokenize, benchRuns,
  ]
}
