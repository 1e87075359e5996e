// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace luthien::archive {

/// Text that somebody wrote as Markdown, and that is to be read as that: its fenced code is put in fences of our own,
/// and nothing outside of them can load a picture or be HTML. Characters that are not seen stand as their code.
/// Source: CommonMark 0.31.2.
void appendMarkdown(std::string& out, std::string_view text);
/// Text that is to be seen as it is, on one line.
void appendPlainMarkdown(std::string& out, std::string_view text);
/// Text in a fence that nothing in it can end.
void appendFence(std::string& out, std::string_view text, std::string_view language = {});

} // namespace luthien::archive
