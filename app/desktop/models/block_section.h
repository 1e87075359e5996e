// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/block.h"
#include "desktop/models/conversation_row.h"
#include "desktop/models/markdown_cutter.h"

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace luthien::desktop {

/// The rows from a number on take the place of those a section had there.
struct RowUpdate
{
    std::size_t from = 0;
    std::vector<ConversationRow> rows;
};

/// One block of a message as rows. Text and arguments may still grow; what is long is folded until asked for.
/// Thread: one at a time.
class BlockSection
{
public:
    explicit BlockSection(conversation::BlockKind kind)
        : m_kind(kind)
    {
    }
    [[nodiscard]] static BlockSection whole(const conversation::Block& block);

    void append(std::string_view text);
    void replace(std::string_view text);
    void setTool(std::string_view id, std::string_view name, conversation::Executor executor);
    void setThinkingTime(std::chrono::milliseconds time) { m_thinkingTime = time; }
    void setResultOf(const QString& toolName) { m_resultOf = toolName; }
    /// What a policy made of a tool call; a block carried out outweighs one that was not.
    void setVerdict(row::Tone tone, const QString& word);
    /// Nothing more will come.
    void close() { m_open = false; }
    void setExpanded(bool expanded) { m_expanded = expanded; }
    /// Text as it was written, instead of read as Markdown.
    void setAsWritten(bool asWritten);

    [[nodiscard]] conversation::BlockKind kind() const noexcept { return m_kind; }
    [[nodiscard]] const std::string& id() const noexcept { return m_id; }
    [[nodiscard]] const QString& name() const noexcept { return m_name; }
    [[nodiscard]] bool isExpanded() const noexcept { return m_expanded; }
    [[nodiscard]] bool isAsWritten() const noexcept { return m_asWritten; }
    /// What the block says, exactly as it came.
    [[nodiscard]] const std::string& text() const noexcept { return m_text; }
    /// What changed since the last call, or since the beginning.
    [[nodiscard]] RowUpdate update();
    /// All rows anew, after folding or unfolding.
    [[nodiscard]] RowUpdate all();

private:
    [[nodiscard]] std::vector<TextPiece> piecesFrom(std::size_t from) const;
    [[nodiscard]] std::size_t settledPieces() const;
    [[nodiscard]] std::vector<ConversationRow> textRows(std::size_t from, row::Kind prose) const;
    [[nodiscard]] std::vector<ConversationRow> thinkingRows() const;
    [[nodiscard]] std::vector<ConversationRow> toolUseRows() const;
    [[nodiscard]] std::vector<ConversationRow> toolResultRows() const;
    [[nodiscard]] std::vector<ConversationRow> attachmentRows() const;
    [[nodiscard]] std::vector<ConversationRow> rows() const;

    conversation::BlockKind m_kind;
    conversation::Executor m_executor = conversation::Executor::Client;
    bool m_open = true;
    bool m_expanded = false;
    bool m_isError = false;
    bool m_isRefusal = false;
    std::string m_id;
    QString m_name;
    QString m_resultOf;
    std::optional<std::pair<row::Tone, QString>> m_verdict;
    std::string m_text;
    MarkdownCutter m_cutter; ///< of Text and Thinking
    TextCutter m_plain;      ///< of text as it is written, and of arguments that still grow
    bool m_asWritten = false;
    std::size_t m_settledRows = 0; ///< Text: rows handed out that will not change
    std::optional<std::chrono::milliseconds> m_thinkingTime;
};

} // namespace luthien::desktop
