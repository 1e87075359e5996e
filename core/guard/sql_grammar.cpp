// SPDX-License-Identifier: Apache-2.0
#include "guard/sql_grammar.h"

#include <memory>
#include <string>

extern "C" {
#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>
}

namespace luthien::guard {

namespace {

/// Deeper than kMaxGrammarTokens can nest; a second line of defence for the walk below.
constexpr int kMaxDepth = 1024;

bool isSwitchedOff(const PgQuery__DefElem& option)
{
    if (option.arg == nullptr)
        return false;
    if (option.arg->node_case == PG_QUERY__NODE__NODE_INTEGER)
        return option.arg->integer->ival == 0;
    if (option.arg->node_case != PG_QUERY__NODE__NODE_STRING)
        return false;
    const std::string_view value = option.arg->string->sval;
    return value == "false" || value == "off";
}

/// EXPLAIN runs its statement only with ANALYZE; of two contrary options the last counts, here either.
bool runsItsStatement(const PgQuery__ExplainStmt& explain)
{
    for (std::size_t i = 0; i < explain.n_options; ++i) {
        const PgQuery__Node* node = explain.options[i];
        if (node->node_case == PG_QUERY__NODE__NODE_DEF_ELEM &&
            std::string_view(node->def_elem->defname) == "analyze" && !isSwitchedOff(*node->def_elem))
            return true;
    }
    return false;
}

class Walker
{
public:
    [[nodiscard]] const GrammarView& view() const { return m_view; }

    /// Visits every message below, through protobuf-c's own description of the fields.
    void visit(const ProtobufCMessage& message, int depth)
    {
        if (depth > kMaxDepth)
            return;
        if (message.descriptor == &pg_query__node__descriptor && !note(reinterpret_cast<const PgQuery__Node&>(message)))
            return;
        const char* base = reinterpret_cast<const char*>(&message);
        for (unsigned i = 0; i < message.descriptor->n_fields; ++i) {
            const ProtobufCFieldDescriptor& field = message.descriptor->fields[i];
            if (field.type != PROTOBUF_C_TYPE_MESSAGE)
                continue;
            const char* member = base + field.offset;
            const char* quantifier = base + field.quantifier_offset;
            if (field.label == PROTOBUF_C_LABEL_REPEATED)
                visitAll(*reinterpret_cast<ProtobufCMessage* const* const*>(member),
                         *reinterpret_cast<const std::size_t*>(quantifier), depth);
            else if ((field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0 ||
                     *reinterpret_cast<const std::uint32_t*>(quantifier) == field.id)
                visitAll(reinterpret_cast<ProtobufCMessage* const*>(member), 1, depth);
        }
    }

private:
    void visitAll(ProtobufCMessage* const* messages, std::size_t count, int depth)
    {
        for (std::size_t i = 0; i < count; ++i) {
            if (messages[i] != nullptr)
                visit(*messages[i], depth + 1);
        }
    }

    /// False if what is below the node does not run.
    bool note(const PgQuery__Node& node)
    {
        switch (node.node_case) {
        case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
            return runsItsStatement(*node.explain_stmt);
        case PG_QUERY__NODE__NODE_DROP_STMT:
        case PG_QUERY__NODE__NODE_DROPDB_STMT:
        case PG_QUERY__NODE__NODE_DROP_ROLE_STMT:
        case PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT:
        case PG_QUERY__NODE__NODE_DROP_OWNED_STMT:
        case PG_QUERY__NODE__NODE_DROP_SUBSCRIPTION_STMT:
        case PG_QUERY__NODE__NODE_DROP_USER_MAPPING_STMT:
            m_view.classes.insert(SqlClass::Drop);
            break;
        case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
            m_view.classes.insert(SqlClass::Truncate);
            break;
        case PG_QUERY__NODE__NODE_DELETE_STMT:
            m_view.hasDelete = true;
            if (node.delete_stmt->where_clause == nullptr)
                m_view.classes.insert(SqlClass::DeleteWithoutWhere);
            break;
        case PG_QUERY__NODE__NODE_UPDATE_STMT:
            m_view.hasUpdate = true;
            if (node.update_stmt->where_clause == nullptr)
                m_view.classes.insert(SqlClass::UpdateWithoutWhere);
            break;
        case PG_QUERY__NODE__NODE_GRANT_STMT:
        case PG_QUERY__NODE__NODE_GRANT_ROLE_STMT:
            m_view.classes.insert(SqlClass::Privileges);
            break;
        case PG_QUERY__NODE__NODE_COPY_STMT:
            if (node.copy_stmt->is_program)
                m_view.classes.insert(SqlClass::RunProgram);
            break;
        default:
            noteAlter(node);
        }
        return true;
    }

    void noteAlter(const PgQuery__Node& node)
    {
        if (node.node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_CMD) {
            const auto kind = node.alter_table_cmd->subtype;
            if (kind == PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn ||
                kind == PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint)
                m_view.classes.insert(SqlClass::AlterDrop);
        } else if (node.node_case == PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT) {
            if (std::string_view(node.alter_domain_stmt->subtype) == "X") // DROP CONSTRAINT, in gram.y
                m_view.classes.insert(SqlClass::AlterDrop);
        } else if (node.node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_STMT && node.node_case != 0) {
            const auto* below = reinterpret_cast<const ProtobufCMessage*>(node.alter_table_stmt); // any union member
            if (below != nullptr && std::string_view(below->descriptor->short_name).starts_with("Alter"))
                m_view.hasOtherAlter = true;
        }
    }

    GrammarView m_view;
};

struct FreeResult
{
    void operator()(PgQueryProtobufParseResult* result) const { pg_query_free_protobuf_parse_result(*result); }
};

struct FreeTree
{
    void operator()(PgQuery__ParseResult* tree) const { pg_query__parse_result__free_unpacked(tree, nullptr); }
};

} // namespace

std::optional<GrammarView> viewByGrammar(std::string_view statement)
{
    if (statement.find('\0') != std::string_view::npos)
        return std::nullopt;
    PgQueryProtobufParseResult result = pg_query_parse_protobuf(std::string(statement).c_str());
    const std::unique_ptr<PgQueryProtobufParseResult, FreeResult> owned(&result);
    if (result.error != nullptr || result.parse_tree.data == nullptr)
        return std::nullopt;
    const std::unique_ptr<PgQuery__ParseResult, FreeTree> tree(pg_query__parse_result__unpack(
        nullptr, result.parse_tree.len, reinterpret_cast<const std::uint8_t*>(result.parse_tree.data)));
    if (tree == nullptr)
        return std::nullopt;
    Walker walker;
    walker.visit(tree->base, 0);
    return walker.view();
}

} // namespace luthien::guard
