// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/chain_steps.h"

#include "desktop/models/decision_rows.h"
#include "desktop/models/visible_text.h"

#include <QLocale>

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using conversation::Decision;
using conversation::PolicyMode;
using conversation::Verdict;

namespace {
/// How much a decision did to the call; the more, the higher.
int weightOf(const Decision& decision)
{
    if (decision.mode == PolicyMode::Shadow)
        return decision.verdict == Verdict::Continue ? 0 : 2;
    switch (decision.verdict) {
    case Verdict::Block:
        return 5;
    case Verdict::Replace:
        return 4;
    case Verdict::Hold:
        return 3;
    case Verdict::Continue:
        break;
    }
    return 1;
}

QString titleOf(const std::string& id, const std::vector<ListedPolicy>& chain)
{
    const auto known = std::ranges::find(chain, id, [](const ListedPolicy& policy) { return policy.definition.id; });
    const bool hasName = known != chain.end() && !known->definition.name.empty();
    return visibleText(hasName ? known->definition.name : id);
}

/// Where a policy stands; those that are not in the chain any more come first.
std::ptrdiff_t placeOf(const std::string& id, const std::vector<ListedPolicy>& chain)
{
    const auto known = std::ranges::find(chain, id, [](const ListedPolicy& policy) { return policy.definition.id; });
    return known == chain.end() ? -1 : known - chain.begin();
}
} // namespace

QString latencyText(std::chrono::microseconds latency)
{
    const auto micros = latency.count();
    const QLocale locale;
    if (micros < 1000)
        return locale.toString(static_cast<qlonglong>(micros)) + u" µs"_s;
    if (micros < 1'000'000)
        return locale.toString(static_cast<double>(micros) / 1e3, 'f', micros < 10'000 ? 1 : 0) + u" ms"_s;
    return locale.toString(static_cast<double>(micros) / 1e6, 'f', 1) + u" s"_s;
}

void ChainSteps::show(const std::vector<Decision>& decisions, const std::vector<ListedPolicy>& chain)
{
    std::vector<std::pair<std::ptrdiff_t, Step>> placed;
    for (const Decision& decision : decisions) {
        Step step{.policy = visibleText(decision.policyId), .title = titleOf(decision.policyId, chain)};
        step.latency = latencyText(decision.latency);
        step.version = QString::fromStdString(decision.policyVersion);
        step.about = visibleText(decision.tool);
        step.words = decisionRow(decision);
        placed.emplace_back(placeOf(decision.policyId, chain), std::move(step));
    }
    for (const ListedPolicy& policy : chain) {
        const std::string& id = policy.definition.id;
        if (policy.definition.mode == PolicyMode::Off ||
            std::ranges::find(decisions, id, &Decision::policyId) != decisions.end())
            continue;
        Step step{.policy = visibleText(id), .title = titleOf(id, chain), .isSilent = true};
        placed.emplace_back(placeOf(id, chain), std::move(step));
    }
    std::ranges::stable_sort(placed, {}, [](const auto& each) { return each.first; });
    beginResetModel();
    m_steps.clear();
    for (auto& [place, step] : placed)
        m_steps.push_back(std::move(step));
    endResetModel();
    Q_EMIT countChanged();
}

int ChainSteps::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant ChainSteps::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const Step& step = m_steps[static_cast<std::size_t>(index.row())];
    switch (static_cast<Role>(role)) {
    case PolicyRole:
        return step.policy;
    case TitleRole:
        return step.title;
    case ToneRole:
        return static_cast<int>(step.words.tone);
    case GlyphRole:
        return step.isSilent ? u"check"_s : step.words.glyph;
    case WordRole:
        return step.isSilent ? tr("No decision") : step.words.detail;
    case ReasonRole:
        return step.words.text;
    case LatencyRole:
        return step.latency;
    case VersionRole:
        return step.version;
    case SilentRole:
        return step.isSilent;
    case AboutRole:
        return step.about;
    case MatchedRole:
        return step.words.matched;
    case MarksRole:
        return QVariant::fromValue(step.words.marks);
    case ReceivedRole:
        return step.words.received;
    case ReceivedLabelRole:
        return step.words.receivedLabel;
    }
    return {};
}

QHash<int, QByteArray> ChainSteps::roleNames() const
{
    return {{PolicyRole, "policy"},     {TitleRole, "title"},
            {ToneRole, "tone"},         {GlyphRole, "glyph"},
            {WordRole, "word"},         {ReasonRole, "reason"},
            {LatencyRole, "latency"},   {VersionRole, "version"},
            {SilentRole, "silent"},     {AboutRole, "about"},
            {MatchedRole, "matched"},   {MarksRole, "marks"},
            {ReceivedRole, "received"}, {ReceivedLabelRole, "receivedLabel"}};
}

ConversationRow worstVerdict(const std::vector<Decision>& decisions)
{
    const auto worst = std::ranges::max_element(decisions, {}, weightOf);
    return worst == decisions.end() ? ConversationRow() : decisionRow(*worst);
}

} // namespace luthien::desktop
