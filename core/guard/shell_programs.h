// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/shell_words.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace luthien::guard {

/// What a program does with the words and the input that it is given.
enum class ProgramKind : std::uint8_t {
    Other,
    SqlClient,   ///< runs them as SQL: psql, mysql, sqlite3
    Shell,       ///< runs them as commands: bash, sh, eval
    Interpreter, ///< runs them as a program that may hold SQL in its strings: python, node
    Wrapper,     ///< the remaining words are a command again: sudo, xargs, docker exec
    RemoteShell, ///< joins the remaining words, and a shell reads them again: ssh, su -c
};
[[nodiscard]] ProgramKind programKind(std::string_view name);

/// Why this command removes or empties a database by itself (`dropdb shop`, `rails db:drop`); nothing if it does not.
[[nodiscard]] std::optional<std::string_view> destructiveTool(std::span<const MappedText> words);

} // namespace luthien::guard
