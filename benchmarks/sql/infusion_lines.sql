-- The chunk's copies of the block of infusion cases, each with members and claims of its own.
select
    infusion_block.* replace (
        copies.copy_number || '-' || infusion_block.claim_id as claim_id,
        copies.copy_number || '-' || infusion_block.member_id as member_id,
        copies.copy_number || '-' || infusion_block.original_claim_id as original_claim_id
    )
from infusion_block
cross join range((select first_copy from chunk), (select last_copy from chunk)) as copies (copy_number)
