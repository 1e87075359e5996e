// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/decision.h"
#include "conversation/response.h"
#include "desktop/models/block_section.h"
#include "live/live_event.h"
#include "store/rows.h"

#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

namespace luthien::desktop {

/// A message of a request.
struct Turn
{
    conversation::Role role = conversation::Role::User;
    std::vector<conversation::Block> blocks;
};

/// What one section's rows become: those from firstRow on take the place of oldCount rows.
struct CallChange
{
    std::size_t section = 0;
    std::size_t from = 0;     ///< within the section
    std::size_t firstRow = 0; ///< the same row, counted from the call's first
    std::size_t oldCount = 0;
    std::vector<ConversationRow> rows;
};

/// One call as rows: what was new in its request, who answers, the reply's blocks, how it ended. A view asks for the
/// changes and makes them itself, so that it can announce each one. Thread: one at a time.
class CallView
{
public:
    explicit CallView(store::CallRow call);
    /// One message of a request by itself, with nobody who answers.
    [[nodiscard]] static CallView message(store::CallRow call, const Turn& turn, const QString& title,
                                          const QString& detail);

    /// Puts the request's new messages first. The model's own words, which the reply before it showed already, are left
    /// out if skipAssistant.
    void setRequest(const std::vector<Turn>& turns, bool skipAssistant);
    /// Takes over the request's rows of the same call as it stands in the record.
    void takeRequest(CallView& stored);
    /// The stored reply of a call that is over.
    void setReply(const conversation::Response& reply);
    /// What the agent got instead of the reply.
    void setSent(const conversation::Response& sent);
    void takeSent(const CallView& stored);
    /// Sets what a policy said under the block it is about; the same decision again changes nothing.
    void decide(const conversation::Decision& decision);
    /// One step of the reply; replayed from the record or live.
    void apply(const live::Delta& step);
    void finish(const live::Ended& end);
    void toggle(std::size_t row);
    /// What follows a header is shown as it was written, or read as Markdown again.
    void toggleWritten(std::size_t row);
    /// How a decision's row shows what changed.
    void compare(std::size_t row, row::Comparison comparison);
    /// What is said under a header, exactly as it came.
    [[nodiscard]] std::string writtenUnder(std::size_t row) const;
    /// The first row of the nth block of the reply, from 0; nothing if there is none.
    [[nodiscard]] std::optional<std::size_t> rowOfBlock(std::size_t block) const;
    /// A block of the request or the reply, by its number among headers, blocks and the footer.
    [[nodiscard]] std::size_t sectionOf(std::size_t row) const;
    /// The next block from a section on, that one included, whose text take accepts; the one before if backward.
    using TakeText = std::function<bool(std::string_view)>;
    [[nodiscard]] std::optional<std::size_t> findBlock(std::size_t section, bool backward, const TakeText& take) const;
    void unfold(std::size_t section);
    [[nodiscard]] std::size_t sectionCount() const noexcept { return m_sections.size(); }
    [[nodiscard]] std::size_t firstRowOf(std::size_t section) const;
    [[nodiscard]] std::size_t rowCountOf(std::size_t section) const { return m_sections[section].rows.size(); }

    [[nodiscard]] const store::CallRow& call() const noexcept { return m_call; }
    [[nodiscard]] bool hasRequest() const noexcept { return m_hasRequest; }
    [[nodiscard]] bool hasSent() const noexcept { return m_sent.has_value(); }
    [[nodiscard]] const std::vector<conversation::Decision>& decisions() const noexcept { return m_decisions; }
    /// The last event that is in the rows; nothing before the first.
    [[nodiscard]] std::optional<std::uint32_t> lastSeq() const noexcept { return m_lastSeq; }
    void setLastSeq(std::uint32_t seq) { m_lastSeq = seq; }
    [[nodiscard]] std::size_t rowCount() const noexcept { return m_rowCount; }
    [[nodiscard]] const ConversationRow& row(std::size_t index) const;

    /// The first section that differs from its rows; nothing = all is up to date.
    [[nodiscard]] std::optional<CallChange> nextChange();
    void setRow(const CallChange& change, std::size_t offset);
    void insertRows(const CallChange& change, std::size_t offset);
    void removeRows(const CallChange& change, std::size_t newCount);
    /// Makes all changes at once: for a view that nobody shows yet.
    void settle();

private:
    struct Section
    {
        std::optional<BlockSection> block;                   ///< else a header or footer, which is its rows
        std::optional<std::vector<ConversationRow>> pending; ///< of a header or footer
        std::vector<std::size_t> decisions;                  ///< their numbers; they follow the rows of the block
        std::vector<ConversationRow> rows;
        bool changed = false;
        bool refold = false;
    };
    Section& section(std::size_t index) { return m_sections[index]; }
    void addTurn(std::vector<Section>& sections, const Turn& turn, std::unordered_map<std::string, QString>& toolNames);
    std::size_t blockSection(const live::Delta& step, conversation::BlockKind kind);
    void addBlock(BlockSection block);
    void beginNextReply();
    void closeBlocks();
    [[nodiscard]] Section* judgedBy(const conversation::Decision& decision);
    void addDecisions(const Section& section, RowUpdate& update) const;
    void addDecisionRows(std::vector<ConversationRow>& rows, std::size_t number) const;
    [[nodiscard]] bool isHeader(const Section& section) const;
    void refreshHeader();
    void refreshFooter();

    store::CallRow m_call;
    std::vector<Section> m_sections;
    std::size_t m_headerSection = 0;                         ///< of the reply; the footer is always the last section
    std::unordered_map<std::uint32_t, std::size_t> m_blocks; ///< canonical block number -> offset from the header
    std::unordered_map<std::uint32_t, TimePoint> m_thinkingSince;
    std::optional<std::uint32_t> m_lastSeq;
    std::size_t m_rowCount = 0;
    bool m_hasRequest = false;
    std::string m_streamError;
    std::vector<conversation::Decision> m_decisions;
    std::vector<row::Comparison> m_comparisons; ///< how each of them is shown
    std::vector<std::size_t> m_aboutRequest;    ///< decisions; stand between the request and who answers
    bool m_replyStopped = false;                ///< what comes now is another reply: the model was asked again
    std::vector<std::size_t> m_unplaced;        ///< decisions about nothing that is shown
    bool m_isMessage = false;                   ///< no reply follows
    bool m_isReplyWritten = false;              ///< the reply is shown as it was written
    std::optional<conversation::Response> m_sent;
    bool m_sentExpanded = false;
};

} // namespace luthien::desktop
