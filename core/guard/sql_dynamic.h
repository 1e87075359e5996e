// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/sql_lexer.h"

#include <cstddef>
#include <span>
#include <vector>

namespace luthien::guard {

/// The parts of a text that the database takes as SQL text again.
struct DynamicSql
{
    std::vector<MappedText> code;        ///< values of the literals that will run
    std::vector<MappedText> perhaps;     ///< values of other literals, which may reach an EXECUTE through a variable
    std::vector<std::size_t> unreadable; ///< tokens of statements that run text which no literal holds
    bool tooMany = false;                ///< there are more literals than are listed
};

/// DO, EXECUTE, PREPARE ... FROM, function bodies, dblink, sp_executesql, psql's \gexec and their like.
[[nodiscard]] DynamicSql dynamicSql(const MappedText& text, std::span<const SqlToken> tokens);

} // namespace luthien::guard
