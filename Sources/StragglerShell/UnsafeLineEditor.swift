// SPDX-License-Identifier: Apache-2.0

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
    private let complete: (String) -> Completion
    /// The prompt that libedit shows; it keeps the address.
    private var prompt: UnsafeMutablePointer<CChar>?
    private var pending = ""
    /// Whether a signal has ended the reading of the line.
    fileprivate var isInterrupted = false

    /// An editor that draws on `terminal`, which is standard output or standard error. Nil where libedit
    /// cannot.
    ///
    /// `complete` finds what could be at the end of a text.
    init?(
      terminal: StandardStream, history lines: [String], complete: @escaping (String) -> Completion
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
      // The program handles Ctrl-C itself.
      unsafe straggler_edit_set_signals(editor, 0)
      unsafe straggler_edit_keep_input(editor)
      unsafe straggler_edit_set_reader(editor, readCharacter)
      unsafe straggler_edit_set_bindings(editor, "emacs")
      unsafe straggler_edit_add_completion(editor, completeLine)
      unsafe straggler_edit_bind(editor, "^I", "straggler-complete")
      unsafe straggler_edit_bind(editor, "^R", "em-inc-search-prev")
      if let list = unsafe list {
        unsafe straggler_history_set_size(list, 1_000)
        unsafe straggler_history_set_unique(list, 1)
        unsafe straggler_edit_set_history(editor, list)
        for line in lines { unsafe straggler_history_enter(list, line) }
      }
      // The user's settings for all programs that use libedit.
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
      // Before the prompt is seen, so that no key comes while the terminal still edits lines by itself.
      unsafe straggler_edit_prepare_terminal(editor)
      var count: Int32 = 0
      isInterrupted = false
      guard let text = unsafe el_gets(editor, &count) else {
        // A search of the history takes a signal for the end of the input, and the count does not show it.
        guard isInterrupted else { return .end }
        if Interruption.isRequested {
          // What was typed before goes with the line.
          _ = tcflush(0, TCIFLUSH)
          terminal.write("^C")
        }
        return .interrupted
      }
      var line = unsafe String(cString: text)
      if line.hasSuffix("\n") { line.removeLast() }
      return .line(line)
    }

    func remember(_ line: String) {
      if let list = unsafe list, !line.isEmpty { unsafe straggler_history_enter(list, line) }
    }

    fileprivate var shownPrompt: UnsafeMutablePointer<CChar>? { unsafe prompt }

    /// Completes the name at the cursor as far as it is unambiguous, or shows the candidates.
    fileprivate func completeAtCursor() -> Int32 {
      guard let info = unsafe el_line(editor) else { return CC_ERROR }
      let (start, cursor) = unsafe (info.pointee.buffer, info.pointee.cursor)
      guard let start = unsafe start, let cursor = unsafe cursor else { return CC_ERROR }
      let typed = unsafe UnsafeRawBufferPointer(start: start, count: cursor - start)
      let text = unsafe pending + String(decoding: typed, as: UTF8.self)
      let completion = complete(text)
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

  /// Reads a character as libedit does by itself, but waits so that no Ctrl-C is overlooked. 1 for a
  /// character, 0 at the end, -1 for an error.
  private let readCharacter: straggler_read_function = { editor, character in
    guard let character = unsafe character else { return -1 }
    var state = mbstate_t()
    while true {
      guard Interruption.waitForInput(0) else {
        unsafe owner(of: editor)?.isInterrupted = true
        errno = EINTR
        return -1
      }
      guard let bytes = try? System.read(0, limit: 1) else { return -1 }
      guard let byte = bytes.first else { return 0 }
      // Ctrl-D that was typed while a command ran, when the terminal took it for the end of a file, comes as
      // 0.
      var unit = byte == 0 ? 4 : CChar(bitPattern: byte)
      switch unsafe mbrtowc(character, &unit, 1, &state) {
      case 0, 1: return 1
      // The character goes on.
      case Int(bitPattern: UInt(bitPattern: -2)): break
      // No character of this locale: forget it.
      default: state = mbstate_t()
      }
    }
  }

  private let completeLine: straggler_key_function = { editor, _ in
    UInt8(truncatingIfNeeded: unsafe owner(of: editor)?.completeAtCursor() ?? CC_ERROR)
  }
#endif
