import StragglerLanguage
import StragglerLab
final class Out: Output {
  func write(_ text: String) throws(OutputClosed) { print(text, terminator: "") }
  func diagnose(_ d: Diagnostic) { print(d.rendered) }
  func progress(_ p: Progress?) {}
}
var o = Options()
o.threads = 2
if CommandLine.arguments.contains("--json") { o.isJSON = true }
let out = Out()
let i = Interpreter(output: out, options: o)
print(i.execute(SourceText(name: "<command>", CommandLine.arguments.last!)))
