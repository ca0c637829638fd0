// SPDX-License-Identifier: Apache-2.0
// The only includer of libedit (docs/decisions/).
#include <fcntl.h>
#include <histedit.h>
#include <sys/stat.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <utility>

#include "cli/line_reader.h"
#include "cli/terminal.h"

namespace vedette::cli {
namespace {

constexpr int kHistoryLines = 1000;
constexpr std::size_t kMostShown = 60;

class Editor : public LineReader {
 public:
  static std::unique_ptr<Editor> Make(EditorOptions options) {
    // Without it libedit takes each byte of a UTF-8 letter for one column.
    std::setlocale(LC_CTYPE, "");
    std::unique_ptr<Editor> editor(new Editor(std::move(options)));
    return editor->edit_ == nullptr || editor->history_ == nullptr ? nullptr : std::move(editor);
  }
  ~Editor() override {
    if (history_ != nullptr) history_end(history_);
    if (edit_ != nullptr) el_end(edit_);
  }
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  std::optional<std::string> Read(const char* prompt) override {
    prompt_ = prompt;
    int length = 0;
    const char* text = el_gets(edit_, &length);
    if (text == nullptr || length <= 0) return std::nullopt;
    std::string line(text, static_cast<std::size_t>(length));
    while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
    if (line.find_first_not_of(' ') != std::string::npos) Remember(line);
    return line;
  }

 private:
  explicit Editor(EditorOptions options)
      : options_(std::move(options)),
        edit_(el_init("vedette", stdin, stdout, stderr)),
        history_(history_init()) {
    if (edit_ == nullptr || history_ == nullptr) return;
    el_set(edit_, EL_CLIENTDATA, this);
    el_set(edit_, EL_PROMPT, &Editor::Prompt);
    el_set(edit_, EL_EDITOR, "emacs");
    el_set(edit_, EL_SIGNAL, 1);
    HistEvent event;
    history(history_, &event, H_SETSIZE, kHistoryLines);
    history(history_, &event, H_SETUNIQUE, 1);
    if (!options_.history_path.empty()) {
      history(history_, &event, H_LOAD, options_.history_path.c_str());
    }
    el_set(edit_, EL_HIST, history, history_);
    el_set(edit_, EL_ADDFN, "vedette-complete", "complete a word", &Editor::Complete);
    el_set(edit_, EL_BIND, "^I", "vedette-complete", nullptr);
    el_set(edit_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  }

  static Editor* Self(EditLine* edit) {
    void* data = nullptr;
    el_get(edit, EL_CLIENTDATA, &data);
    return static_cast<Editor*>(data);
  }

  static char* Prompt(EditLine* edit) { return Self(edit)->prompt_.data(); }

  static unsigned char Complete(EditLine* edit, int) {
    Editor* self = Self(edit);
    const LineInfo* line = el_line(edit);
    if (!self->options_.complete) return CC_ERROR;
    const Completion found = self->options_.complete(
        std::string_view(line->buffer, static_cast<std::size_t>(line->cursor - line->buffer)));
    if (found.candidates.empty()) return CC_ERROR;
    std::string more = CommonPrefix(found.candidates).substr(found.typed);
    const bool only = found.candidates.size() == 1;
    if (only && !found.candidates.front().ends_with('(')) more += ' ';
    if (!more.empty()) {
      return el_insertstr(edit, more.c_str()) == -1 ? CC_ERROR : CC_REFRESH;
    }
    self->Show(found.candidates);
    return CC_REDISPLAY;
  }

  /// Below the line; the prompt is drawn again after it.
  static void Show(const std::vector<std::string>& candidates) {
    std::string text = "\n";
    for (std::size_t i = 0; i < candidates.size() && i < kMostShown; ++i) {
      // Names of fields come from the data.
      text += "  " + WithoutControls(candidates[i]) + "\n";
    }
    if (candidates.size() > kMostShown) {
      text += "  … and " + std::to_string(candidates.size() - kMostShown) + " more\n";
    }
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }

  void Remember(const std::string& line) {
    HistEvent event;
    history(history_, &event, H_ENTER, line.c_str());
    if (options_.history_path.empty()) return;
    // Queries may hold names of people and hosts: nobody else reads them.
    const int descriptor = open(options_.history_path.c_str(),
                                O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0) return;
    static_cast<void>(fchmod(descriptor, 0600));
    std::FILE* file = fdopen(descriptor, "w");
    if (file == nullptr) {
      close(descriptor);
      return;
    }
    history(history_, &event, H_SAVE_FP, file);
    std::fclose(file);
  }

  EditorOptions options_;
  EditLine* edit_;
  History* history_;
  std::string prompt_;
};

}  // namespace

std::unique_ptr<LineReader> EditedLines(EditorOptions options) {
  return Editor::Make(std::move(options));
}

}  // namespace vedette::cli
