// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"

#include <algorithm>
#include <limits>

namespace luthien::conversation {

namespace {
constexpr std::size_t kNoSlot = std::numeric_limits<std::size_t>::max();
// Far above any real reply; keeps a hostile event from asking for gigabytes.
constexpr std::uint32_t kMaxBlocks = 64 * 1024;
constexpr std::uint32_t kMaxChoices = 1024;
} // namespace

void ResponseAssembler::apply(const StreamEvent& event)
{
    if (event.block >= kMaxBlocks || event.choice >= kMaxChoices)
        return;
    switch (event.kind) {
    case EventKind::Start:
        if (!event.id.empty())
            m_response.id = event.id;
        if (!event.name.empty())
            m_response.model = event.name;
        break;
    case EventKind::Text:
        addText(event, BlockKind::Text);
        break;
    case EventKind::Thinking:
        addText(event, BlockKind::Thinking);
        break;
    case EventKind::ToolArgs:
        addText(event, BlockKind::ToolUse);
        break;
    case EventKind::ToolStart:
        startTool(event);
        break;
    case EventKind::Opaque:
        setOpaque(event);
        break;
    case EventKind::Usage:
        m_response.usage.update(event.usage);
        break;
    case EventKind::Stop:
        stop(event);
        break;
    case EventKind::Error:
        m_response.error = event.text.empty() ? event.name : event.text;
        if (m_response.stopReason == StopReason::None)
            m_response.stopReason = StopReason::Failed;
        break;
    case EventKind::ToolEnd:
    case EventKind::Keepalive:
    case EventKind::Framing:
        break;
    }
}

Block& ResponseAssembler::blockAt(const StreamEvent& event, BlockKind kind)
{
    if (event.block >= m_slots.size())
        m_slots.resize(event.block + 1, kNoSlot);
    std::size_t& slot = m_slots[event.block];
    if (slot == kNoSlot) {
        slot = m_response.blocks.size();
        Block block;
        block.kind = kind;
        block.choice = event.choice;
        block.executor = event.executor;
        m_response.blocks.push_back(std::move(block));
    }
    return m_response.blocks[slot];
}

void ResponseAssembler::addText(const StreamEvent& event, BlockKind kind)
{
    Block& block = blockAt(event, kind);
    block.isRefusal = block.isRefusal || event.isRefusal;
    if (event.replaces) {
        m_heldBytes -= block.text.size();
        block.text.clear();
    }
    block.text += event.text;
    m_heldBytes += event.text.size();
}

void ResponseAssembler::startTool(const StreamEvent& event)
{
    Block& block = blockAt(event, BlockKind::ToolUse);
    block.kind = BlockKind::ToolUse;
    block.executor = event.executor;
    if (!event.id.empty())
        block.id = event.id;
    if (!event.name.empty())
        block.name = event.name;
}

void ResponseAssembler::setOpaque(const StreamEvent& event)
{
    Block& block = blockAt(event, BlockKind::Opaque);
    m_heldBytes = m_heldBytes - block.text.size() + event.text.size();
    block.kind = BlockKind::Opaque;
    block.name = event.name;
    block.text = event.text;
}

void ResponseAssembler::stop(const StreamEvent& event)
{
    if (m_response.rawStopReasons.size() <= event.choice)
        m_response.rawStopReasons.resize(event.choice + 1);
    m_response.rawStopReasons[event.choice] = event.rawStopReason;
    if (event.choice != 0)
        return;
    m_response.stopReason = event.stopReason;
    m_response.rawStopReason = event.rawStopReason;
}

} // namespace luthien::conversation
