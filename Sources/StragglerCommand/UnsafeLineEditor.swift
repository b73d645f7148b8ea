#if LineEditing
  import CLibEdit
  import StragglerLanguage

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #else
    import Darwin
  #endif

  /// A prompt with editing, history and completion by libedit.
  @safe
  final class LineEditor: Prompt {
    private let editor: OpaquePointer
    private let list: OpaquePointer?
    private let terminal: StandardStream
    private let complete: (String, Int) -> Completion
    /// What libedit is shown; it keeps the address.
    private var prompt: UnsafeMutablePointer<CChar>?
    private var pending = ""

    /// An editor that draws on `terminal`, which is standard output or standard error. Nil where libedit cannot.
    ///
    /// `complete` finds what could stand at an offset of a text.
    init?(
      terminal: StandardStream, history lines: [String], complete: @escaping (String, Int) -> Completion
    ) {
      guard let editor = unsafe straggler_edit_open("straggler", terminal.descriptor == 1 ? 0 : 1) else {
        return nil
      }
      unsafe self.editor = editor
      unsafe list = history_init()
      self.terminal = terminal
      self.complete = complete
      unsafe straggler_edit_set_data(editor, Unmanaged.passUnretained(self).toOpaque())
      unsafe straggler_edit_set_prompt(editor, showPrompt)
      // Ctrl-C is the program's own matter.
      unsafe straggler_edit_set_signals(editor, 0)
      unsafe straggler_edit_set_bindings(editor, "emacs")
      unsafe straggler_edit_add_function(
        editor, "straggler-complete", "Complete the name at the cursor", completeLine)
      unsafe straggler_edit_bind(editor, "^I", "straggler-complete")
      unsafe straggler_edit_bind(editor, "^R", "em-inc-search-prev")
      if let list = unsafe list {
        unsafe straggler_history_set_size(list, 1_000)
        unsafe straggler_history_set_unique(list, 1)
        unsafe straggler_edit_set_history(editor, list)
        for line in lines { unsafe straggler_history_enter(list, line) }
      }
      // What the user has set for all programs with libedit.
      unsafe el_source(editor, nil)
    }

    deinit {
      unsafe el_end(editor)
      if let list = unsafe list { unsafe history_end(list) }
      unsafe free(prompt)
    }

    func ask(_ prompt: String, pending: String) -> PromptAnswer {
      unsafe free(self.prompt)
      unsafe self.prompt = strdup(prompt)
      self.pending = pending
      unsafe el_resize(editor)
      var count: Int32 = 0
      guard let text = unsafe el_gets(editor, &count) else {
        // Nothing, with a count below zero, where a signal came.
        if count < 0 && Interruption.isRequested { terminal.write("^C") }
        return count < 0 ? .interrupted : .end
      }
      var line = unsafe String(cString: text)
      if line.hasSuffix("\n") { line.removeLast() }
      if let list = unsafe list, line.contains(where: { !$0.isWhitespace }) {
        unsafe straggler_history_enter(list, line)
      }
      return .line(line)
    }

    fileprivate var shownPrompt: UnsafeMutablePointer<CChar>? { unsafe prompt }

    /// Completes the name at the cursor as far as it is certain, or shows what it could be.
    fileprivate func completeAtCursor() -> Int32 {
      guard let info = unsafe el_line(editor) else { return CC_ERROR }
      let (start, cursor) = unsafe (info.pointee.buffer, info.pointee.cursor)
      guard let start = unsafe start, let cursor = unsafe cursor else { return CC_ERROR }
      let typed = unsafe UnsafeRawBufferPointer(start: start, count: cursor - start)
      let text = unsafe pending + String(decoding: typed, as: UTF8.self)
      let completion = complete(text, text.utf8.count)
      guard let found = LineCompletion(completion, of: text) else { return CC_REFRESH_BEEP }
      if found.removed > 0 { unsafe el_deletestr(editor, Int32(clamping: found.removed)) }
      if !found.inserted.isEmpty { unsafe el_insertstr(editor, found.inserted) }
      guard !found.shown.isEmpty else { return CC_REFRESH }
      let columns = System.columns(of: terminal.descriptor) ?? 80
      terminal.write("\n" + LineCompletion.table(of: found.shown, columns: columns))
      return CC_REDISPLAY
    }
  }

  private func owner(of editor: OpaquePointer?) -> LineEditor? {
    guard let editor = unsafe editor, let data = unsafe straggler_edit_data(editor) else { return nil }
    return unsafe Unmanaged<LineEditor>.fromOpaque(data).takeUnretainedValue()
  }

  private let showPrompt: straggler_prompt_function = { editor in
    unsafe owner(of: editor)?.shownPrompt
  }

  private let completeLine: straggler_key_function = { editor, _ in
    UInt8(truncatingIfNeeded: unsafe owner(of: editor)?.completeAtCursor() ?? CC_ERROR)
  }
#endif
