// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/mapped_text.h"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::guard {

/// A run of commands in ShellScript::commands, by index.
struct CommandRange
{
    std::size_t begin = 0;
    std::size_t end = 0;
    [[nodiscard]] bool empty() const noexcept { return begin == end; }
};

/// One simple command: its words without quotes, known variables filled in, leading assignments and shell keywords
/// (`if`, `do`, `{`, `!`, ...) taken off.
struct ShellCommand
{
    std::vector<MappedText> words;
    MappedText input;                ///< of here-documents and here-strings
    std::vector<MappedText> reads;   ///< files after <
    std::vector<MappedText> writes;  ///< files after > and >>
    std::vector<CommandRange> given; ///< the commands in each <(..): their output is a file to it
    CommandRange fedBy;              ///< the commands whose output is piped into it
};

/// The commands of a command line, those inside $(..), `..`, <(..), subshells and groups included.
struct ShellScript
{
    std::vector<ShellCommand> commands;
    /// What the line itself writes, by name: `cat > x.sql <<EOF` ... `psql -f x.sql`.
    std::map<std::string, std::vector<CommandRange>, std::less<>> files;
    /// A quote, parenthesis or here-document is not closed, or a bound was reached: what is listed may be wrong.
    bool unparsed = false;
};

/// Reads a command line as a POSIX shell with bash's quoting would, without running anything. Linear up to the
/// nesting depth, which is bounded. Thread: any.
[[nodiscard]] ShellScript readShell(const MappedText& text);

/// What commands of the script are known to write to standard output: echo, printf, and cat or a filter of known text.
/// Empty if unknown, nothing if it is more than is followed.
[[nodiscard]] std::optional<MappedText> knownOutput(const ShellScript& script, CommandRange range);

/// Adds to ShellScript::files what \p writers are redirected to, and the files that are words of \p words: tee.
void noteFiles(ShellScript& script, CommandRange writers, std::span<const MappedText> redirectedTo,
               std::span<const MappedText> words);

/// The commands that write the file, if the script does. Until the script changes.
[[nodiscard]] std::span<const CommandRange> writersOf(const ShellScript& script, std::string_view file);

/// "psql" of "/usr/bin/psql".
[[nodiscard]] std::string_view programName(std::string_view word);

} // namespace luthien::guard
