// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/policy_editor.h"

#include "base/ids.h"
#include "base/logging.h"
#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using policy::Definition;

PolicyEditor::PolicyEditor(PolicySource& source, QObject* parent)
    : QObject(parent)
    , m_source(source)
{
    QQmlEngine::setObjectOwnership(&m_form, QQmlEngine::CppOwnership);
    connect(&source, &PolicySource::changed, this, &PolicyEditor::followMode);
    connect(&m_form, &SchemaForm::edited, this, &PolicyEditor::edit);
}

bool PolicyEditor::isModified() const
{
    return isUnsaved() || (m_open && m_isNew);
}

bool PolicyEditor::isUnsaved() const
{
    return m_open && !m_readOnly && edited() != m_saved;
}

bool PolicyEditor::canSave() const
{
    return isModified() && m_form.isValid() && idProblem().isEmpty();
}

QString PolicyEditor::policyId() const
{
    return fromUtf8(m_definition.id);
}

QString PolicyEditor::idProblem() const
{
    if (!m_isNew)
        return {};
    if (!isSafeLabel(m_definition.id))
        return tr("Letters, digits and . _ : - only, at most 128.");
    return isUsed(m_definition.id) ? tr("There is a policy with this id.") : QString();
}

QString PolicyEditor::name() const
{
    return fromUtf8(m_definition.name);
}

QString PolicyEditor::type() const
{
    return fromUtf8(m_definition.type);
}

QString PolicyEditor::title() const
{
    const policy::PolicyType* known = policyType();
    return known != nullptr ? fromUtf8(known->title) : visibleText(m_definition.type);
}

QString PolicyEditor::purpose() const
{
    const policy::PolicyType* known = policyType();
    return known != nullptr ? fromUtf8(known->summary) : QString();
}

QStringList PolicyEditor::types() const
{
    QStringList names;
    for (const policy::PolicyType& each : m_source.types())
        names += fromUtf8(each.name);
    return names;
}

void PolicyEditor::setPolicyId(const QString& id)
{
    if (!m_isNew || id == policyId())
        return;
    m_definition.id = id.toStdString();
    edit();
}

void PolicyEditor::setName(const QString& name)
{
    m_definition.name = name.toStdString();
    edit();
}

void PolicyEditor::setType(const QString& type)
{
    if (!m_isNew || type == this->type())
        return;
    beginNew(type.toStdString());
}

void PolicyEditor::setOnError(int choice)
{
    m_definition.onError = static_cast<policy::OnError>(choice);
    edit();
}

void PolicyEditor::setAgentText(int choice)
{
    m_definition.agentText = static_cast<policy::AgentText>(choice);
    edit();
}

void PolicyEditor::setOnBlock(int choice)
{
    m_definition.onBlock = static_cast<policy::OnBlock>(choice);
    edit();
}

QString PolicyEditor::scope() const
{
    const policy::Scope& scope = m_definition.scope;
    QStringList parts;
    const auto add = [&parts](const QString& what, const std::vector<std::string>& globs) {
        QStringList words;
        for (const std::string& glob : globs)
            words += glob.empty() ? tr("none") : visibleText(glob);
        if (!words.isEmpty())
            parts += what.arg(words.join(tr(" or ")));
    };
    add(tr("clients %1"), scope.clients);
    add(tr("models %1"), scope.models);
    add(tr("upstreams %1"), scope.upstreams);
    add(tr("tools %1"), scope.tools);
    add(tr("sessions %1"), scope.sessions);
    add(tr("sub-agents %1"), scope.agents);
    return parts.join(u"; "_s);
}

void PolicyEditor::openPolicy(const QString& id)
{
    for (const ListedPolicy& each : m_source.policies()) {
        if (fromUtf8(each.definition.id) != id)
            continue;
        m_isNew = false;
        m_readOnly = each.isFromFile;
        m_place = visibleText(each.place);
        return begin(each.definition);
    }
}

void PolicyEditor::openNew()
{
    if (m_source.types().empty())
        return;
    m_isNew = true;
    m_readOnly = false;
    beginNew(std::string(m_source.types().front().name));
}

void PolicyEditor::beginNew(const std::string& type)
{
    Definition definition{.id = unusedId(type), .type = type};
    if (const policy::PolicyType* known = policy::findType(m_source.types(), type))
        definition.config = SchemaForm::initialObject(known->schema);
    begin(std::move(definition));
}

void PolicyEditor::begin(Definition definition)
{
    m_open = true;
    m_problem.clear();
    m_definition = m_saved = std::move(definition);
    const policy::PolicyType* known = policyType();
    const std::string_view schema = known != nullptr ? known->schema : "{}";
    if (auto loaded = m_form.load(schema, m_definition.config); !loaded)
        m_problem = fromUtf8(loaded.error().toString());
    m_saved = edited();
    Q_EMIT changed();
}

void PolicyEditor::save()
{
    if (!canSave())
        return;
    const Definition definition = edited();
    if (const auto done = m_source.save(definition); !done)
        return refuse(done.error());
    m_isNew = false;
    begin(definition);
    Q_EMIT saved(policyId());
}

void PolicyEditor::followMode()
{
    // The mode is set elsewhere, at once; what is saved here must not take it back.
    for (const ListedPolicy& each : m_source.policies())
        if (m_open && !m_isNew && each.definition.id == m_definition.id)
            m_definition.mode = m_saved.mode = each.definition.mode;
}

void PolicyEditor::refuse(const Error& error)
{
    // "policies[ID].config.rules[0].do": what follows the settings' name is a place in the form.
    std::string_view place = error.context;
    if (const auto id = place.find("]."); place.starts_with("policies[") && id != std::string_view::npos)
        place.remove_prefix(id + 2);
    for (const std::string_view settings : {"config.", "config"})
        if (place.starts_with(settings)) {
            place.remove_prefix(settings.size());
            break;
        }
    const QString reason = visibleText(error.message);
    m_problem = m_form.setProblem(place, reason) ? tr("Not saved: see the field marked below.")
                                                 : tr("Not saved: %1").arg(visibleText(error.toString()));
    Q_EMIT changed();
}

void PolicyEditor::close()
{
    m_open = false;
    Q_EMIT changed();
}

void PolicyEditor::edit()
{
    m_problem.clear();
    Q_EMIT changed();
}

Definition PolicyEditor::edited() const
{
    Definition definition = m_definition;
    definition.config = m_form.object();
    return definition;
}

const policy::PolicyType* PolicyEditor::policyType() const
{
    return policy::findType(m_source.types(), m_definition.type);
}

std::string PolicyEditor::unusedId(const std::string& wanted) const
{
    std::string id = wanted;
    for (int number = 2; isUsed(id); ++number)
        id = wanted + "-" + std::to_string(number);
    return id;
}

bool PolicyEditor::isUsed(const std::string& id) const
{
    const auto all = m_source.policies();
    return std::any_of(all.begin(), all.end(), [&](const ListedPolicy& each) { return each.definition.id == id; });
}

} // namespace luthien::desktop
