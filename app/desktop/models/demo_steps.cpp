// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/demo_steps.h"

#include "desktop/models/visible_text.h"

namespace luthien::desktop {

using demo::DbDropStep;

namespace {
constexpr std::size_t kLongestText = 2000;

static_assert(static_cast<int>(DbDropStep::ToolStopped) == DemoSteps::ToolStopped &&
              static_cast<int>(DbDropStep::ModelAsked) == DemoSteps::ModelAsked);

QString titleOf(DbDropStep step)
{
    switch (step) {
    case DbDropStep::ShopMade:
        return DemoSteps::tr("A shop's database was made");
    case DbDropStep::ModelAsked:
        return DemoSteps::tr("The model asks the agent to run");
    case DbDropStep::ToolRan:
        return DemoSteps::tr("The agent ran it");
    case DbDropStep::ToolStopped:
        return DemoSteps::tr("Luthien stopped it; the agent read instead");
    case DbDropStep::PersonSaid:
        return DemoSteps::tr("The person asks");
    case DbDropStep::ModelSaid:
        return DemoSteps::tr("The model says");
    }
    return {};
}
} // namespace

void DemoSteps::clear()
{
    beginResetModel();
    m_steps.clear();
    endResetModel();
}

void DemoSteps::add(const demo::DbDropProgress& progress)
{
    const auto row = static_cast<int>(m_steps.size());
    beginInsertRows({}, row, row);
    m_steps.push_back({.step = progress.step, .text = progress.text.substr(0, kLongestText)});
    endInsertRows();
}

int DemoSteps::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_steps.size());
}

QVariant DemoSteps::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const demo::DbDropProgress& step = m_steps[static_cast<std::size_t>(index.row())];
    switch (static_cast<Role>(role)) {
    case StepRole:
        return static_cast<int>(step.step);
    case TitleRole:
        return titleOf(step.step);
    case TextRole:
        return visibleText(step.text).trimmed();
    }
    return {};
}

QHash<int, QByteArray> DemoSteps::roleNames() const
{
    return {{StepRole, "step"}, {TitleRole, "title"}, {TextRole, "body"}};
}

} // namespace luthien::desktop
